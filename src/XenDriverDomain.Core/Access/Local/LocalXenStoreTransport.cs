using System.Net.Sockets;
using System.Runtime.InteropServices;
using XenDriverDomain.Access.Posix;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Access.Local;

/// <summary>
/// The way to the xenstored of this host, tried as libxenstore does (tools/libs/store/xs.c): the socket that
/// <c>XENSTORED_PATH</c> or <c>XENSTORED_RUNDIR</c> names, the usual sockets, then the kernel's device.
/// </summary>
internal sealed class LocalXenStoreTransport : IXenStoreTransport
{
    /// <summary>The kernel's device, also as xenfs shows it.</summary>
    internal static string[] Devices => ["/dev/xen/xenbus", "/proc/xen/xenbus"];

    private readonly string[] _sockets;
    private readonly string[] _devices;

    /// <summary>The places of this process's environment.</summary>
    public LocalXenStoreTransport()
        : this(Sockets(Environment.GetEnvironmentVariable), Devices)
    {
    }

    /// <summary>Other places, for tests.</summary>
    internal LocalXenStoreTransport(string[] sockets, string[] devices)
    {
        _sockets = sockets;
        _devices = devices;
    }

    /// <inheritdoc/>
    public async ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken)
    {
        Exception? first = null;
        foreach (string path in _sockets.Where(Exists))
        {
            try
            {
                return await SocketXenStoreChannel.ConnectAsync(path, path, null, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException exception)
            {
                first ??= exception.SocketErrorCode switch
                {
                    SocketError.AccessDenied => XenStoreTransportErrors.NotAllowed(path),
                    SocketError.ConnectionRefused => XenStoreTransportErrors.NobodyListens(path),
                    _ => XenStoreTransportErrors.CannotOpen(path, exception.Message),
                };
            }
        }

        foreach (string path in _devices)
        {
            int error = DeviceXenStoreChannel.Open(path, out DeviceXenStoreChannel? channel);
            switch ((Errno)error)
            {
                case 0:
                    return channel!;
                case Errno.ENOENT or Errno.ENXIO or Errno.ENODEV:
                    break;
                case Errno.EACCES or Errno.EPERM:
                    first ??= XenStoreTransportErrors.NotAllowed(path);
                    break;
                default:
                    first ??= XenStoreTransportErrors.CannotOpen(path, Marshal.GetPInvokeErrorMessage(error));
                    break;
            }
        }

        throw first ?? XenStoreTransportErrors.NothingThere(_sockets.Concat(_devices));
    }

    /// <summary>Where the socket may be, most specific first.</summary>
    internal static string[] Sockets(Func<string, string?> environment)
    {
        string?[] places =
        [
            environment("XENSTORED_PATH"),
            environment("XENSTORED_RUNDIR") is { Length: > 0 } directory ? $"{directory.TrimEnd('/')}/socket" : null,
            "/run/xenstored/socket",
            "/var/run/xenstored/socket",
        ];
        return [.. places.Where(place => !string.IsNullOrEmpty(place)).Select(place => place!).Distinct()];
    }

    private static bool Exists(string path) => Libc.Stat(path, followLinks: true, out _) is not ((int)Errno.ENOENT or (int)Errno.ENOTDIR);
}
