namespace XenDriverDomain.Assignment.Policy;

/// <summary>Where it is known from that pciback lets a guest write a field.</summary>
public enum PciQuirkSource
{
    /// <summary>Add-XenPciQuirk stored it, and wrote that down.</summary>
    Command,

    /// <summary>The host's policy said so; a cmdlet, or what applies the policy at boot and by udev, stored it and wrote that down.</summary>
    Policy,

    /// <summary>pciback's own list, which was read at the risk of a crash.</summary>
    Kernel,
}
