namespace XenDriverDomain.Xl;

/// <summary>How libxl grades a message (xentoollog levels).</summary>
public enum XlSeverity
{
    /// <summary>debug, verbose, detail, progress.</summary>
    Debug,

    /// <summary>notice, info, and what xl itself prints without a prefix.</summary>
    Information,

    /// <summary>warning.</summary>
    Warning,

    /// <summary>error, critical.</summary>
    Error,
}
