using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>The C library's words for error numbers (strerror).</summary>
internal static class ErrnoWords
{
    /// <summary>The words.</summary>
    public static string Of(Errno errno) => errno switch
    {
        Errno.EPERM => "Operation not permitted",
        Errno.ENOENT => "No such file or directory",
        Errno.EIO => "Input/output error",
        Errno.ENXIO => "No such device or address",
        Errno.EAGAIN => "Resource temporarily unavailable",
        Errno.ENOMEM => "Cannot allocate memory",
        Errno.EACCES => "Permission denied",
        Errno.EBUSY => "Device or resource busy",
        Errno.EEXIST => "File exists",
        Errno.ENODEV => "No such device",
        Errno.ENOTDIR => "Not a directory",
        Errno.EISDIR => "Is a directory",
        Errno.EINVAL => "Invalid argument",
        Errno.ENOTTY => "Inappropriate ioctl for device",
        Errno.ENOSPC => "No space left on device",
        Errno.EROFS => "Read-only file system",
        Errno.ENOTEMPTY => "Directory not empty",
        Errno.EOPNOTSUPP => "Operation not supported",
        (Errno)34 => "Numerical result out of range",
        FileTree.TooManyLinks => "Too many levels of symbolic links",
        _ => $"Unknown error {(int)errno}",
    };
}
