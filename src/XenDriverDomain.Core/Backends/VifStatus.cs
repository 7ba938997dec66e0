namespace XenDriverDomain.Backends;

/// <summary>How a split device is doing.</summary>
public enum VifStatus
{
    /// <summary>Both ends are connected and the hotplug script succeeded.</summary>
    Connected,

    /// <summary>On its way.</summary>
    Waiting,

    /// <summary>It will not connect by itself; the detail says why.</summary>
    Failed,

    /// <summary>Its back end is gone; the guest still holds the front end.</summary>
    Orphaned,
}
