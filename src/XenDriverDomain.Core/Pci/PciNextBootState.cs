namespace XenDriverDomain.Pci;

/// <summary>Who has a PCI function after the next boot, as dom0's boot configuration says.</summary>
public enum PciNextBootState
{
    /// <summary>The configuration was not found, cannot be read by this user, or is not clear.</summary>
    Unknown,

    /// <summary>dom0 and its drivers.</summary>
    Host,

    /// <summary>pciback.</summary>
    Assignable,
}
