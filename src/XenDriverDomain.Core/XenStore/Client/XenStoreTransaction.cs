namespace XenDriverDomain.XenStore.Client;

/// <summary>The store as seen within a transaction.</summary>
internal sealed class XenStoreTransaction(XenStoreConnection connection, uint id) : NodeOperations(connection, id)
{
    private volatile bool _ended;

    public uint Id { get; } = id;

    /// <summary>Refuses all further use, so that nobody works outside of the transaction while believing to be within.</summary>
    public void End() => _ended = true;

    protected override void EnsureUsable()
    {
        if (_ended)
        {
            throw new InvalidOperationException("The transaction has ended; its view of xenstore cannot be used any more.");
        }
    }
}
