using XenDriverDomain.Changes;

namespace XenDriverDomain.Lifecycle;

/// <summary>How a domain is stopped.</summary>
public sealed record StopOptions
{
    /// <summary>How long it may take to shut itself down.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Effect;

    /// <summary>Returns as soon as the domain was asked.</summary>
    public bool NoWait { get; init; }

    /// <summary>Destroys it when it does not shut down in time, and lifts the refusal to cut its clients off.</summary>
    public bool Force { get; init; }
}
