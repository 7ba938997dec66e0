namespace XenDriverDomain.Boot.Loaders;

/// <summary>An assignment in a file that a shell reads.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Name">The variable.</param>
/// <param name="Start">Where the value begins, behind an opening quote.</param>
/// <param name="Raw">The value as it stands there, without quotes around it.</param>
internal sealed record ShellAssignment(string Path, int Line, string Name, int Start, string Raw)
{
    /// <summary>What the shell makes of it; null when that takes running something.</summary>
    public string? Value { get; init; }

    /// <summary>True when it stands in quotes, so that blanks can be put into it.</summary>
    public bool IsQuoted { get; init; }

    /// <summary>True when it may or may not be carried out.</summary>
    public bool IsConditional { get; init; }
}
