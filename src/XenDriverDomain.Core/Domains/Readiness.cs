namespace XenDriverDomain.Domains;

/// <summary>Whether a driver domain serves, as the probe saw it.</summary>
/// <param name="State">The finding.</param>
/// <param name="Detail">What was seen, for a person; what a guest wrote is bounded and fit to be shown.</param>
public sealed record Readiness(ReadinessState State, string Detail);
