namespace XenDriverDomain.Xl;

/// <summary>One line of xl's standard error.</summary>
/// <param name="Severity">As libxl's prefix says it (<c>libxl: error:</c>); xl's own bare lines count as
/// <see cref="XlSeverity.Information"/>.</param>
/// <param name="Source">libxl's source place, such as <c>libxl_pci.c:802:libxl__device_pci_assignable_add</c>; null when there is
/// none.</param>
/// <param name="Domid">The domain libxl speaks of (<c>Domain 3:</c>); null when none is named.</param>
/// <param name="Text">The message without its prefixes, fit to be shown.</param>
public sealed record XlMessage(XlSeverity Severity, string? Source, int? Domid, string Text);

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
