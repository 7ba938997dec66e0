namespace XenDriverDomain.Errors;

/// <summary>
/// Something that was found out and that somebody should know: what it is about, how bad that is, what it was read from, and what to do.
/// Whatever looks at a host, a file or a domain and tells what it thinks of it, tells it as findings; an error is what refuses, a finding
/// only says so, until <see cref="ToException()"/> makes the one of the other.
/// </summary>
/// <param name="Id">A constant from <see cref="ErrorIds"/>, one per cause: what scripts compare, and the id of the error that it
/// becomes.</param>
/// <param name="Severity">What it means.</param>
/// <param name="Subject">The object it is about, as its user knows it: a PCI address, a host's id, a setting, a device. Fit to be
/// shown.</param>
/// <param name="Cause">What is the case; sentences, fit to be shown, that can be understood without the subject beside them.</param>
/// <param name="Remedy">What the user can do about it; sentences.</param>
public record Finding(string Id, FindingSeverity Severity, object Subject, string Cause, string Remedy)
{
    /// <summary>
    /// What it was read from, fit to be shown, so that the user can look for himself: a file or node with what stands in it, an option, a
    /// message of the kernel or of a program. Null where the subject or the place says it already.
    /// </summary>
    public string? Evidence { get; init; }

    /// <summary>The place in a file that it is about; null when it is about none. Line 0 stands for the file as a whole.</summary>
    public ConfigLocation? Location { get; init; }

    /// <summary>The file as the user called it; null when it is about text without a file, or about no place.</summary>
    public string? File => Location?.File;

    /// <summary>The line, from 1; null when it is about no place, or about the file as a whole.</summary>
    public int? Line => Location is { Line: > 0 and var line } ? line : null;

    /// <summary>The column in characters, from 1; null when it is about no place, or about the line as a whole.</summary>
    public int? Column => Location is { Line: > 0, Column: > 0 and var column } ? column : null;

    /// <summary>The kind of the error that it becomes.</summary>
    internal ErrorKind Kind { get; init; } = ErrorKind.InvalidState;

    /// <summary>True for an error that protects dom0 from its user rather than from what cannot be: -Force makes a warning of it.</summary>
    internal bool YieldsToForce { get; init; }

    /// <summary>The place, where it has a line, and the cause.</summary>
    public sealed override string ToString() => Line is null ? Cause : $"{Location}: {Cause}";

    /// <summary>The finding as an exception: its id, its kind, place and cause as the message, and the subject as the target.</summary>
    public XenDriverDomainException ToException() => new(Id, Kind, ToString(), Remedy, Subject);

    /// <summary>
    /// Several findings as one exception, for a user who should not meet them one after the other; id and kind are the first one's.
    /// </summary>
    /// <param name="findings">The findings, the most important first; one at least.</param>
    /// <param name="target">What the user named, of which they are findings.</param>
    internal static XenDriverDomainException ToException(IReadOnlyList<Finding> findings, object target) => new(
        findings[0].Id,
        findings[0].Kind,
        string.Join(' ', findings.Select(finding => finding.ToString())),
        string.Join(' ', findings.Select(finding => finding.Remedy)),
        target);

    /// <summary>The finding at a place.</summary>
    internal Finding At(ConfigLocation? location) => this with { Location = location };
}

/// <summary>What a finding means.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know, or something that has to be seen to; all is well otherwise.</summary>
    Information,

    /// <summary>It goes on, or will do; perhaps not as the user expects.</summary>
    Warning,

    /// <summary>It cannot work, or must not be done: what was asked for is refused.</summary>
    Error,
}
