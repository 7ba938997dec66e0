namespace XenDriverDomain.Errors;

/// <summary>A place in a configuration file.</summary>
/// <param name="File">The file as the user called it; null for text that came from no file.</param>
/// <param name="Line">Line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">Column in characters, from 1; 0 for the line as a whole.</param>
public readonly record struct ConfigLocation(string? File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>, as compilers write it, without what is 0.</summary>
    public override string ToString() =>
        (File is null ? "(text)" : Terminal.Text.Show(File))
        + (Line > 0 ? $":{Line}" : string.Empty)
        + (Line > 0 && Column > 0 ? $":{Column}" : string.Empty);
}
