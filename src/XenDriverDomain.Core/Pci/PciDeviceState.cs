namespace XenDriverDomain.Pci;

/// <summary>Where a PCI function stands between dom0 and the domains.</summary>
public enum PciDeviceState
{
    /// <summary>A driver of dom0 has it.</summary>
    Host,

    /// <summary>No driver has it.</summary>
    Unbound,

    /// <summary>It is in pciback's list of slots, but not bound to pciback.</summary>
    Listed,

    /// <summary>pciback holds it, and no domain has it.</summary>
    Assignable,

    /// <summary>A running domain has it.</summary>
    Assigned,

    /// <summary>The toolstack's record (/libxl/pci/…/domid) names a domain that is gone.</summary>
    Stale,
}
