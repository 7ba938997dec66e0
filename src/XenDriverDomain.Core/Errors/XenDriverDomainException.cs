namespace XenDriverDomain.Errors;

/// <summary>
/// The base of every error the core throws on purpose: a constant id, a kind, a message that names the value and the rule,
/// a remedy, and the object the user named. Whoever shows it needs nothing else.
/// </summary>
public class XenDriverDomainException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="errorId">A constant from <see cref="ErrorIds"/>.</param>
    /// <param name="kind">What sort of failure it is.</param>
    /// <param name="message">What is wrong, naming the value and the rule.</param>
    /// <param name="remedy">What the user can do about it; a sentence.</param>
    /// <param name="target">The user's object: an address, a domain name, a path.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public XenDriverDomainException(
        string errorId, ErrorKind kind, string message, string remedy, object? target = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Kind = kind;
        Remedy = remedy;
        Target = target;
    }

    /// <summary>Constant, specific and documented in about_XenDriverDomain_Errors.</summary>
    public string ErrorId { get; }

    /// <summary>What sort of failure it is.</summary>
    public ErrorKind Kind { get; }

    /// <summary>What the user can do about it.</summary>
    public string Remedy { get; }

    /// <summary>The object the user named, or null.</summary>
    public object? Target { get; }
}
