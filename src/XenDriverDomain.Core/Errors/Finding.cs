namespace XenDriverDomain.Errors;

/// <summary>Something a check found out before anything was changed.</summary>
/// <param name="Id">A constant from <see cref="ErrorIds"/>; the id of the error when the finding refuses the operation.</param>
/// <param name="Severity">What it means for the operation.</param>
/// <param name="Subject">The object it is about: an address, a host's id.</param>
/// <param name="Cause">What is the case, naming the subject; a sentence, fit to be shown.</param>
/// <param name="Remedy">What the user can do about it; a sentence.</param>
public sealed record Finding(string Id, FindingSeverity Severity, object Subject, string Cause, string Remedy)
{
    /// <summary>The kind of the error when the finding refuses the operation.</summary>
    public ErrorKind Kind { get; init; } = ErrorKind.InvalidState;

    /// <summary>The refusal as an exception.</summary>
    public XenDriverDomainException ToException() => new(Id, Kind, Cause, Remedy, Subject);
}

/// <summary>What a finding means for the operation that was asked for.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>The operation goes on; something may not work as the user expects.</summary>
    Warning,

    /// <summary>Refused, because dom0 would lose something it lives on; -Force turns it into a warning.</summary>
    Protection,

    /// <summary>Refused; nothing lifts it.</summary>
    Refusal,
}
