namespace XenDriverDomain.Xm;

/// <summary>Why a file could not be run to its end.</summary>
public enum XmFault
{
    /// <summary>It is not Python 2.</summary>
    SyntaxError,

    /// <summary>It uses a part of Python that is not run here.</summary>
    ConstructUnsupported,

    /// <summary>It reaches outside: files, programs, the network, the clock.</summary>
    AccessRefused,

    /// <summary>It ended with an exception of its own.</summary>
    ScriptFailed,

    /// <summary>It runs too long, too deep or too big.</summary>
    LimitExceeded,

    /// <summary>A variable of the command line does not fit its option.</summary>
    VariableInvalid,
}

/// <summary>
/// A file could not be run to its end, at a place that can be pointed to. Its words quote the file, and are not to be shown raw.
/// </summary>
/// <param name="fault">Why.</param>
/// <param name="location">Where.</param>
/// <param name="problem">What is wrong there; a sentence.</param>
/// <param name="remedy">What the user can do about it; a sentence.</param>
/// <param name="innerException">The cause, where there is one.</param>
public sealed class XmException(XmFault fault, XmLocation location, string problem, string remedy, Exception? innerException = null)
    : Exception(problem, innerException)
{
    /// <summary>Why.</summary>
    public XmFault Fault { get; } = fault;

    /// <summary>Where.</summary>
    public XmLocation Location { get; } = location;

    /// <summary>What the user can do about it.</summary>
    public string Remedy { get; } = remedy;
}
