namespace XenDriverDomain.Backends;

/// <summary>The state one end of a split device shows (xen/include/public/io/xenbus.h).</summary>
public enum XenbusState
{
    /// <summary>Missing or not understood.</summary>
    Unknown = 0,

    /// <summary>Just made.</summary>
    Initialising = 1,

    /// <summary>The back end's driver waits for the front end.</summary>
    InitWait = 2,

    /// <summary>The front end has published its rings.</summary>
    Initialised = 3,

    /// <summary>Working.</summary>
    Connected = 4,

    /// <summary>Going away.</summary>
    Closing = 5,

    /// <summary>Gone.</summary>
    Closed = 6,

    /// <summary>Changing.</summary>
    Reconfiguring = 7,

    /// <summary>Changed.</summary>
    Reconfigured = 8,
}
