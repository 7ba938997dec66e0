using XenDriverDomain.Errors;

namespace XenDriverDomain.Access;

/// <summary>Why xenstored cannot be reached, in words that are the same for every transport.</summary>
internal static class XenStoreTransportErrors
{
    /// <summary>Neither a socket nor a device is there.</summary>
    public static XenDriverDomainException NothingThere(IEnumerable<string> tried) => new(
        ErrorIds.XenStoreUnavailable,
        ErrorKind.NotInstalled,
        $"No xenstored answers: none of {string.Join(", ", tried)} exists.",
        "Run this on the dom0 of a Xen host (or connect to it), booted under Xen, and start xenstored (Debian: systemctl start xen).");

    /// <summary>A socket file is there, but nobody listens.</summary>
    public static XenDriverDomainException NobodyListens(string path) => new(
        ErrorIds.XenStoreUnavailable,
        ErrorKind.InvalidState,
        $"No xenstored answers: nothing listens at {path}.",
        "Start xenstored, or restart the host if it crashed: a xenstored that lost its state cannot simply be restarted.",
        path);

    /// <summary>The user may not open it.</summary>
    public static XenDriverDomainException NotAllowed(string path) => new(
        ErrorIds.XenStoreUnavailable,
        ErrorKind.PermissionDenied,
        $"xenstored cannot be reached: this user may not open {path}.",
        "Run as root on dom0, or connect as a user who is root there.",
        path);

    /// <summary>It cannot be opened for another reason.</summary>
    public static XenDriverDomainException CannotOpen(string path, string reason) => new(
        ErrorIds.XenStoreUnavailable,
        ErrorKind.Connection,
        $"xenstored cannot be reached: {path}: {reason}.",
        "Look at dom0's kernel log (dmesg) and at xenstored's.",
        path);

    /// <summary>The connection broke while a message was sent.</summary>
    public static XenDriverDomainException Lost(string path, Exception? cause = null) => new(
        ErrorIds.XenStoreConnectionLost,
        ErrorKind.Connection,
        $"xenstored closed the connection ({path}).",
        "Look whether xenstored still runs on dom0.",
        path,
        cause);
}
