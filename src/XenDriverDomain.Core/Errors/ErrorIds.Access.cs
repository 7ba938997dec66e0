namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A file operation on the host failed with an errno.</summary>
    public const string HostFileFailed = nameof(HostFileFailed);

    /// <summary>A file is larger than what was going to be read of it.</summary>
    public const string HostFileTooLarge = nameof(HostFileTooLarge);

    /// <summary>A program is not on the host.</summary>
    public const string HostCommandNotFound = nameof(HostCommandNotFound);

    /// <summary>A program did not end within its time.</summary>
    public const string HostCommandTimedOut = nameof(HostCommandTimedOut);

    /// <summary>The connection to the host could not be made.</summary>
    public const string ConnectionFailed = nameof(ConnectionFailed);

    /// <summary>The connection to the host was lost in the middle.</summary>
    public const string ConnectionLost = nameof(ConnectionLost);

    /// <summary>The OpenSSH client is not installed here.</summary>
    public const string SshNotInstalled = nameof(SshNotInstalled);

    /// <summary>The host is known by another key than the one it showed, or by none.</summary>
    public const string SshHostKeyRejected = nameof(SshHostKeyRejected);

    /// <summary>The host refused the user or the key.</summary>
    public const string SshAuthenticationFailed = nameof(SshAuthenticationFailed);

    /// <summary>A host name, user name, port, key file or option for SSH is malformed, or is one that the product sets itself.</summary>
    public const string SshOptionInvalid = nameof(SshOptionInvalid);
}
