namespace XenDriverDomain.XenStore;

/// <summary>A way to xenstored: its Unix socket (also forwarded over SSH), or the kernel's /dev/xen/xenbus.</summary>
internal interface IXenStoreTransport
{
    /// <summary>
    /// Opens a connection of its own. Errors: XenStoreUnavailable (no xenstored), XenStoreInStubDomain (over SSH, no socket but
    /// a device), or a connection error.
    /// </summary>
    ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>One connection to xenstored, carrying whole messages out and a byte stream in.</summary>
internal interface IXenStoreChannel : IAsyncDisposable
{
    /// <summary>Sends exactly one message (header and payload); the device takes it only in one write.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Receives some bytes; 0 means that the peer closed the connection.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
