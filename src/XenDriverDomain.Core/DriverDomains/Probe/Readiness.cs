using XenDriverDomain.Domains;

namespace XenDriverDomain.DriverDomains.Probe;

/// <summary>Whether a driver domain serves, as the probe saw it.</summary>
/// <param name="State">The finding.</param>
/// <param name="Detail">What was seen, for a person; what a guest wrote is bounded and fit to be shown.</param>
internal sealed record Readiness(ReadinessState State, string Detail)
{
    /// <summary>The domid of what was probed, as a domain gets another one each time it starts; null when nothing was.</summary>
    public int? Domid { get; init; }

    /// <summary>That of a domain which is there and does nothing.</summary>
    internal static Readiness Of(DomainStop stop) => new(
        stop.IsPaused ? ReadinessState.Paused : ReadinessState.NotRunning, $"{stop.Words}: it serves nobody.");
}

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
