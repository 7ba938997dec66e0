namespace XenDriverDomain.Backends;

/// <summary>How a split device is doing.</summary>
public enum VifStatus
{
    /// <summary>Both ends are connected, the hotplug script succeeded, and both domains run.</summary>
    Connected,

    /// <summary>On its way, or held up by a guest that is paused.</summary>
    Waiting,

    /// <summary>It will not connect by itself; the detail says why.</summary>
    Failed,

    /// <summary>Its back end is gone; the guest still holds the front end.</summary>
    Orphaned,

    /// <summary>Both ends say connected, but whether their domains run is not known; the detail says why.</summary>
    Unknown,

    /// <summary>
    /// It was detached for a restart of its driver domain that did not come to its end; what it was is recorded, and comes back.
    /// </summary>
    CutOff,
}
