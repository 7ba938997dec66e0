using XenDriverDomain.Changes;

namespace XenDriverDomain.DriverDomains;

/// <summary>How a domain is started.</summary>
public sealed record StartOptions
{
    /// <summary>How long it may take until it serves.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Effect;

    /// <summary>Returns as soon as the domain exists.</summary>
    public bool NoWait { get; init; }
}
