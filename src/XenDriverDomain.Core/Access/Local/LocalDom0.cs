using XenDriverDomain.XenStore;

namespace XenDriverDomain.Access.Local;

/// <summary>Makes the <see cref="Dom0"/> of the host this process runs on. Nothing is opened before it is used.</summary>
internal static class LocalDom0
{
    /// <summary>The id that outputs carry.</summary>
    public const string Id = "local";

    /// <summary>Creates it.</summary>
    /// <param name="time">The clock of every wait.</param>
    /// <param name="openStore">Makes the xenstore client when it is first asked for.</param>
    public static Dom0 Create(TimeProvider time, Func<Dom0, CancellationToken, ValueTask<IXenStoreClient>> openStore)
    {
        LocalLock ofHost = new(null);
        return new Dom0(Id, new LocalFiles(), new LocalCommands(time), new LocalXenStoreTransport(), openStore, time, ofHost)
        {
            Lock = ofHost,
        };
    }
}
