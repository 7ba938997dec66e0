using XenDriverDomain.Changes;

namespace XenDriverDomain.Backends.Connections;

/// <summary>How a vif is disconnected.</summary>
public sealed record DisconnectVifOptions
{
    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Detach;

    /// <summary>Removes the toolstack's and the front end's records by force when the orderly way does not work.</summary>
    public bool Force { get; init; }

    /// <summary>The guest's configuration file on dom0 from which the vif is removed as well.</summary>
    public string? ConfigPath { get; init; }
}
