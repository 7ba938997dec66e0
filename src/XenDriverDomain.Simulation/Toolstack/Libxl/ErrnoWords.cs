using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>strerror, for the errors that the simulation gives.</summary>
internal static class ErrnoWords
{
    /// <summary>The C library's words.</summary>
    public static string Of(Errno errno) => errno switch
    {
        Errno.EPERM => "Operation not permitted",
        Errno.ENOENT => "No such file or directory",
        Errno.EIO => "Input/output error",
        Errno.ENXIO => "No such device or address",
        Errno.ENOMEM => "Cannot allocate memory",
        Errno.EACCES => "Permission denied",
        Errno.EBUSY => "Device or resource busy",
        Errno.EEXIST => "File exists",
        Errno.ENODEV => "No such device",
        Errno.EINVAL => "Invalid argument",
        Errno.ENOSPC => "No space left on device",
        Errno.EOPNOTSUPP => "Operation not supported",
        _ => $"Error {(int)errno}",
    };
}
