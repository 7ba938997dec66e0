using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>What became of one setting, or of one device of a list.</summary>
/// <param name="Setting">Its name in the language it was written in.</param>
/// <param name="Value">Its value, fit to be shown.</param>
/// <param name="Location">Where it was written; line 0 for xm's own default and the command line.</param>
/// <param name="Action">What became of it.</param>
/// <param name="Became">The line of xl.cfg that stands for it now; null when none does.</param>
/// <param name="Reason">Why; empty when it was taken over as it is.</param>
public sealed record ConversionEntry(
    string Setting, string Value, ConfigLocation Location, ConversionAction Action, string? Became, string Reason)
{
    /// <summary>The file as the user called it; null for text without a file.</summary>
    public string? File => Location.File;

    /// <summary>The line, from 1; null for what no file says.</summary>
    public int? Line => Location.Line > 0 ? Location.Line : null;

    /// <summary>The column in characters, from 1; null for what no file says.</summary>
    public int? Column => Location.Line > 0 ? Location.Column : null;

    /// <summary>The setting, what became of it, and why.</summary>
    public override string ToString() => Reason.Length == 0 ? $"{Setting}: {Action}" : $"{Setting}: {Action}, {Reason}";
}

/// <summary>What became of a setting on its way to xl.cfg.</summary>
public enum ConversionAction
{
    /// <summary>It says the same as before, under xl's name for it.</summary>
    Mapped,

    /// <summary>It is written in another way, so that xl does what it meant.</summary>
    Changed,

    /// <summary>It is left out, and the domain is the same without it.</summary>
    Dropped,

    /// <summary>It cannot be carried over: without it the domain would be another. Somebody has to decide.</summary>
    Refused,
}
