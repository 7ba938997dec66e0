namespace XenDriverDomain.DriverDomains.Probe;

/// <summary>What a driver domain that should serve network front ends lacks, if anything.</summary>
public enum ReadinessState
{
    /// <summary>Not probed, and no client shows it.</summary>
    Unknown,

    /// <summary>Back-end driver, devd and bridge answered.</summary>
    Serving,

    /// <summary>The domain does not run, or has crashed, has shut down, or is being destroyed.</summary>
    NotRunning,

    /// <summary>No back-end driver (xen-netback) took the device: not loaded, or the domain has not booted.</summary>
    NoBackendDriver,

    /// <summary>The back-end driver is there, but nobody ran the hotplug script: xl devd is missing or dead.</summary>
    NoDevd,

    /// <summary>The hotplug script ran, but the bridge does not exist inside.</summary>
    NoBridge,

    /// <summary>The hotplug script ran and failed for another reason.</summary>
    ScriptFailed,

    /// <summary>The domain is paused.</summary>
    Paused,
}
