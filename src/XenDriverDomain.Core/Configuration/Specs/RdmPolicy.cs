namespace XenDriverDomain.Configuration.Specs;

/// <summary>What happens when a device's reserved memory regions collide with a guest's memory (xl-pci-configuration(5), HVM only).</summary>
public enum RdmPolicy
{
    /// <summary>The domain is not created.</summary>
    Strict,

    /// <summary>It is created with a warning; the device may not work.</summary>
    Relaxed,
}
