namespace XenDriverDomain.Simulation.Toolstack;

/// <summary>libxl's return codes (libxl_types.idl, libxl_error), those that the simulation gives.</summary>
internal static class LibxlError
{
    /// <summary>Success.</summary>
    public const int None = 0;

    /// <summary>Any failure.</summary>
    public const int Fail = -3;

    /// <summary>No memory.</summary>
    public const int NoMemory = -5;

    /// <summary>A value that does not fit.</summary>
    public const int Invalid = -6;

    /// <summary>Somebody did not answer in time.</summary>
    public const int TimedOut = -9;

    /// <summary>There is no such domain.</summary>
    public const int DomainNotFound = -21;
}
