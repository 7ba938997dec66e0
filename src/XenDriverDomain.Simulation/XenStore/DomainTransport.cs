using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>The way to the store that one domain has.</summary>
/// <param name="store">The store.</param>
/// <param name="domid">The domain.</param>
internal sealed class DomainTransport(SimulatedXenStore store, int domid) : IXenStoreTransport
{
    /// <inheritdoc/>
    public ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(store.Open(domid));
    }
}
