using XenDriverDomain.Errors;

namespace XenDriverDomain.Access;

/// <summary>A file operation on the host failed; <see cref="Errno"/> says how, in the kernel's words.</summary>
internal sealed class HostFileException : XenDriverDomainException
{
    /// <summary>Creates the error of one operation on one path.</summary>
    /// <param name="operation">The verb a person would use: read, write, list.</param>
    /// <param name="path">The path in dom0.</param>
    /// <param name="errno">The kernel's error number.</param>
    /// <param name="detail">The system's words, where there are some.</param>
    public HostFileException(string operation, string path, Errno errno, string? detail = null)
        : base(
            ErrorIds.HostFileFailed,
            KindOf(errno),
            $"Cannot {operation} {path} on dom0: {Describe(errno, detail)}.",
            errno switch
            {
                Errno.EACCES or Errno.EPERM => "Run as root on dom0, or connect as a user who is.",
                Errno.EISDIR => "It is a folder: name a file in it.",
                _ => "Look at dom0's kernel log (dmesg) for the reason.",
            },
            path)
    {
        Operation = operation;
        Path = path;
        Errno = errno;
    }

    /// <summary>The operation that failed.</summary>
    public string Operation { get; }

    /// <summary>The path in dom0.</summary>
    public string Path { get; }

    /// <summary>The kernel's error number.</summary>
    public Errno Errno { get; }

    private static string Describe(Errno errno, string? detail)
    {
        string name = errno == Errno.Unknown ? "unknown error" : errno.ToString();
        return string.IsNullOrWhiteSpace(detail) ? name : $"{detail.Trim()} ({name})";
    }

    private static ErrorKind KindOf(Errno errno) => errno switch
    {
        Errno.ENOENT or Errno.ENODEV or Errno.ENXIO => ErrorKind.NotFound,
        Errno.EACCES or Errno.EPERM => ErrorKind.PermissionDenied,
        Errno.EBUSY => ErrorKind.InUse,
        Errno.EEXIST => ErrorKind.AlreadyExists,
        _ => ErrorKind.Device,
    };
}
