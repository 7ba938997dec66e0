using XenDriverDomain.Errors;

namespace XenDriverDomain.XenStore;

/// <summary>xenstored answered a request with an error; <see cref="Error"/> is its word for it, such as ENOENT.</summary>
internal sealed class XenStoreException : XenDriverDomainException
{
    /// <summary>Creates the error of one request.</summary>
    /// <param name="operation">What was asked: read, write, list.</param>
    /// <param name="path">The path.</param>
    /// <param name="error">xenstored's error name.</param>
    public XenStoreException(string operation, string path, string error)
        : base(
            ErrorIds.XenStoreRequestFailed,
            error switch
            {
                "ENOENT" => ErrorKind.NotFound,
                "EACCES" or "EPERM" => ErrorKind.PermissionDenied,
                "EEXIST" => ErrorKind.AlreadyExists,
                "EAGAIN" or "EBUSY" => ErrorKind.InUse,
                _ => ErrorKind.Device,
            },
            $"xenstored refused to {operation} {path}: {error}.",
            "Look at the path with xenstore-ls -fp; the names of the errors are those of errno(3).",
            path)
    {
        Operation = operation;
        Path = path;
        Error = error;
    }

    /// <summary>What was asked.</summary>
    public string Operation { get; }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>xenstored's error name, upper case, validated: one of the protocol's table.</summary>
    public string Error { get; }
}
