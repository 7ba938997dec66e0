namespace XenDriverDomain.XenStore;

/// <summary>A connection to xenstored. Safe for use by several threads; requests are pipelined.</summary>
public interface IXenStoreClient : IXenStore, IAsyncDisposable
{
    /// <summary>True when the connection has ended and every further request will fail.</summary>
    bool IsBroken { get; }

    /// <summary>
    /// Runs <paramref name="body"/> within a transaction and commits it. On a conflict (EAGAIN) the whole body is run again, with
    /// its reads, up to a bound (XenStoreTransactionConflict). When the body throws, the transaction is aborted.
    /// </summary>
    Task<T> TransactAsync<T>(Func<IXenStore, CancellationToken, Task<T>> body, CancellationToken cancellationToken);

    /// <summary>
    /// Watches a path and all below it (or a special name such as <c>@releaseDomain</c>). The watch fires once at once; events
    /// that nobody has taken yet are merged by path and bounded, so a watch never grows without limit.
    /// </summary>
    Task<IXenStoreWatch> WatchAsync(string path, CancellationToken cancellationToken);

    /// <summary>The home path of a domain, <c>/local/domain/N</c>; xenstored gives it for domains that do not exist, too.</summary>
    ValueTask<XenStorePath> GetDomainPathAsync(int domid, CancellationToken cancellationToken);

    /// <summary>True when xenstored knows the domain.</summary>
    ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellationToken);
}

/// <summary>A registered watch; disposing it unregisters it.</summary>
public interface IXenStoreWatch : IAsyncDisposable
{
    /// <summary>
    /// Waits for the next event and returns the path that changed (relative events are given as xenstored gives them). Events may
    /// be spurious or merged: always read the state again. Throws when the connection is lost.
    /// </summary>
    ValueTask<string> NextAsync(CancellationToken cancellationToken);
}
