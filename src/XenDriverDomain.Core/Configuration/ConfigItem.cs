using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>A part of a domain's configuration and where it was written.</summary>
/// <param name="Text">The part as xl.cfg has it.</param>
/// <param name="Location">Where it was written; line 0 for what no file says.</param>
public abstract record ConfigItem(string Text, ConfigLocation Location)
{
    /// <summary>The file as the user called it; null for text without a file.</summary>
    public string? File => Location.File;

    /// <summary>The line, from 1; null for what no file says.</summary>
    public int? Line => Location.Line > 0 ? Location.Line : null;

    /// <summary>The column in characters, from 1; null for what no file says.</summary>
    public int? Column => Location.Line > 0 ? Location.Column : null;

    /// <summary>The text.</summary>
    public sealed override string ToString() => Text;
}
