namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A text can be neither the name nor the domid of a domain.</summary>
    public const string DomainReferenceMalformed = nameof(DomainReferenceMalformed);

    /// <summary>No running domain has that name or domid.</summary>
    public const string DomainNotFound = nameof(DomainNotFound);

    /// <summary>Several running domains have that name.</summary>
    public const string DomainNameAmbiguous = nameof(DomainNameAmbiguous);

    /// <summary>A domain of that name runs already, or a configuration of that name is there.</summary>
    public const string DomainAlreadyExists = nameof(DomainAlreadyExists);
}
