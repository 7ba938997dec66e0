namespace XenDriverDomain.Boot.Loaders;

/// <summary>How functions are hidden at boot, or no longer.</summary>
public sealed record AtBootOptions
{
    /// <summary>Where hide= is to stand; null for what dom0 is seen to boot with.</summary>
    public BootLoader? BootLoader { get; init; }

    /// <summary>The boot loader's configuration file on dom0; null for the usual place.</summary>
    public string? BootConfigPath { get; init; }

    /// <summary>
    /// Lifts the refusals that protect dom0, drops parts of hide= that pciback cannot read, and takes out elements with wildcards.
    /// </summary>
    public bool Force { get; init; }
}
