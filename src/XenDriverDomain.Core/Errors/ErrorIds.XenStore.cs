namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A text is no xenstore path.</summary>
    public const string XenStorePathMalformed = nameof(XenStorePathMalformed);

    /// <summary>No xenstored answers on this host: none runs, or this is no Xen host.</summary>
    public const string XenStoreUnavailable = nameof(XenStoreUnavailable);

    /// <summary>xenstored runs in a stub domain and has no socket that could be forwarded.</summary>
    public const string XenStoreInStubDomain = nameof(XenStoreInStubDomain);

    /// <summary>xenstored answered a request with an error.</summary>
    public const string XenStoreRequestFailed = nameof(XenStoreRequestFailed);

    /// <summary>A request is larger than the protocol allows; it was not sent.</summary>
    public const string XenStoreRequestTooLarge = nameof(XenStoreRequestTooLarge);

    /// <summary>xenstored sent something that the protocol does not allow; the connection was ended.</summary>
    public const string XenStoreProtocolError = nameof(XenStoreProtocolError);

    /// <summary>xenstored closed the connection.</summary>
    public const string XenStoreConnectionLost = nameof(XenStoreConnectionLost);

    /// <summary>A transaction met a conflict each time it was tried.</summary>
    public const string XenStoreTransactionConflict = nameof(XenStoreTransactionConflict);

    /// <summary>xenstored left a request without its reply; the connection was ended.</summary>
    public const string XenStoreNoReply = nameof(XenStoreNoReply);

    /// <summary>A long list of children changed each time it was read.</summary>
    public const string XenStoreListUnstable = nameof(XenStoreListUnstable);

    /// <summary>A subtree has more nodes than are read of it.</summary>
    public const string XenStoreTreeTooLarge = nameof(XenStoreTreeTooLarge);
}
