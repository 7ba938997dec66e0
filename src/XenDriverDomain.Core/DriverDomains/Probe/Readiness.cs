using XenDriverDomain.Domains;

namespace XenDriverDomain.DriverDomains.Probe;

/// <summary>Whether a driver domain serves, as the probe saw it.</summary>
/// <param name="State">The finding.</param>
/// <param name="Detail">What was seen, for a person; what a guest wrote is bounded and fit to be shown.</param>
public sealed record Readiness(ReadinessState State, string Detail)
{
    /// <summary>The domid of what was probed, as a domain gets another one each time it starts; null when nothing was.</summary>
    public int? Domid { get; init; }

    /// <summary>That of a domain which is there and does nothing.</summary>
    internal static Readiness Of(DomainStop stop) => new(
        stop.IsPaused ? ReadinessState.Paused : ReadinessState.NotRunning, $"{stop.Words}: it serves nobody.");
}
