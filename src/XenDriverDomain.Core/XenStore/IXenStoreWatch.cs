namespace XenDriverDomain.XenStore;

/// <summary>A registered watch; disposing it unregisters it.</summary>
public interface IXenStoreWatch : IAsyncDisposable
{
    /// <summary>
    /// Waits for the next event and returns the path that changed (relative events are given as xenstored gives them). Events may
    /// be spurious or merged: always read the state again. Throws when the connection is lost.
    /// </summary>
    ValueTask<string> NextAsync(CancellationToken cancellationToken);
}
