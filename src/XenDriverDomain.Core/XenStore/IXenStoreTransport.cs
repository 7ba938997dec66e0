namespace XenDriverDomain.XenStore;

/// <summary>A way to xenstored: its Unix socket (also forwarded over SSH), or the kernel's /dev/xen/xenbus.</summary>
public interface IXenStoreTransport
{
    /// <summary>
    /// Opens a connection of its own. Errors: XenStoreUnavailable (no xenstored), XenStoreInStubDomain (over SSH, no socket but
    /// a device), or a connection error.
    /// </summary>
    ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken);
}
