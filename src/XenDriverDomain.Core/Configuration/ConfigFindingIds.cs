namespace XenDriverDomain.Configuration;

/// <summary>The ids of the findings about a configuration.</summary>
public static class ConfigFindingIds
{
    /// <summary>A PVH domain lists PCI devices.</summary>
    public const string PciOnPvh = nameof(PciOnPvh);

    /// <summary>An HVM domain with PCI devices has maxmem other than memory.</summary>
    public const string PciWithPopulateOnDemand = nameof(PciWithPopulateOnDemand);

    /// <summary>Passthrough is switched off and PCI devices are listed.</summary>
    public const string PciWithPassthroughDisabled = nameof(PciWithPassthroughDisabled);

    /// <summary>The domain's name breaks the rules.</summary>
    public const string DomainNameInvalid = nameof(DomainNameInvalid);

    /// <summary>A PCI device is listed twice.</summary>
    public const string PciDeviceTwice = nameof(PciDeviceTwice);

    /// <summary>A back end is given as a domid.</summary>
    public const string BackendByDomid = nameof(BackendByDomid);

    /// <summary>Memory is missing or out of bounds.</summary>
    public const string MemoryOutOfBounds = nameof(MemoryOutOfBounds);

    /// <summary>A PV or PVH domain has nothing to boot.</summary>
    public const string NothingToBoot = nameof(NothingToBoot);
}
