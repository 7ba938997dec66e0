using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>Something in a configuration that cannot work, or that does something else than it seems to say.</summary>
/// <param name="Id">A constant from <see cref="ConfigFindingIds"/>.</param>
/// <param name="Subject">What it is about: a device, a setting.</param>
/// <param name="Cause">What is the case; a sentence.</param>
/// <param name="Remedy">What to do about it; a sentence.</param>
public sealed record ConfigFinding(string Id, string Subject, string Cause, string Remedy)
{
    /// <summary>What it means.</summary>
    public ConfigSeverity Severity { get; init; } = ConfigSeverity.Error;

    /// <summary>The file as the user called it; null when it is about text without a file, or about no place.</summary>
    public string? File { get; init; }

    /// <summary>The line, from 1; null when it is about no place, or about the command line.</summary>
    public int? Line { get; init; }

    /// <summary>The column in characters, from 1; null as <see cref="Line"/>.</summary>
    public int? Column { get; init; }

    /// <summary>The place and the cause.</summary>
    public override string ToString() => Line is { } line && Column is { } column ? $"{new ConfigLocation(File, line, column)}: {Cause}" : Cause;

    /// <summary>The finding at a place.</summary>
    internal ConfigFinding At(ConfigLocation? location) => location is { Line: > 0 } place
        ? this with { File = place.File, Line = place.Line, Column = place.Column }
        : this with { File = location?.File };
}
