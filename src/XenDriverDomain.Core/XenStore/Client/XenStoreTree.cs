using XenDriverDomain.Waiting;

namespace XenDriverDomain.XenStore.Client;

/// <summary>Whole subtrees.</summary>
internal static class XenStoreTree
{
    // Two requests a node: as many as a connection has outstanding by default.
    private const int NodesAtATime = 16;

    /// <summary>
    /// Reads a node and everything below it, level by level with many requests under way. Nodes that vanish meanwhile are left
    /// out, as are those that this client may not read; a missing root gives an empty result. The picture is not of one moment,
    /// unless <paramref name="store"/> is a transaction.
    /// </summary>
    /// <param name="store">The store, or a transaction.</param>
    /// <param name="root">The node to begin with; it counts and is part of the result.</param>
    /// <param name="maxNodes">The most nodes that are read; more are an error (XenStoreTreeTooLarge), since guests write here, too.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Value by path. Guests write arbitrary bytes; show them only through Terminal.Text.</returns>
    public static async Task<IReadOnlyDictionary<XenStorePath, byte[]>> ReadTreeAsync(
        this IXenStore store, XenStorePath root, int maxNodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNodes, 1);
        Dictionary<XenStorePath, byte[]> values = [];
        List<XenStorePath> level = [root];
        int seen = 1;
        ParallelOptions options = new() { MaxDegreeOfParallelism = NodesAtATime, CancellationToken = cancellationToken };
        while (level.Count > 0)
        {
            List<XenStorePath> next = [];
            await Parallel.ForEachAsync(level, options, async (path, cancellation) =>
            {
                (byte[]? reading, IReadOnlyList<string>? listing) = await Together.AllAsync(
                    ReadAsync(store, path, cancellation),
                    ListAsync(store, path, cancellation)).ConfigureAwait(false);
                if (reading is not { } value)
                {
                    return;
                }

                IReadOnlyList<string> names = listing ?? [];
                lock (values)
                {
                    values[path] = value;
                    seen += names.Count;
                    if (seen > maxNodes)
                    {
                        throw XenStoreErrors.TreeTooLarge(root.ToString(), maxNodes);
                    }

                    foreach (string name in names)
                    {
                        next.Add(path / name);
                    }
                }
            }).ConfigureAwait(false);
            level = next;
        }

        return values;
    }

    private static async Task<byte[]?> ReadAsync(IXenStore store, XenStorePath path, CancellationToken cancellationToken)
    {
        try
        {
            return await store.TryReadAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (XenStoreException e) when (e.Error == "EACCES")
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<string>?> ListAsync(
        IXenStore store, XenStorePath path, CancellationToken cancellationToken)
    {
        try
        {
            return await store.TryListAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (XenStoreException e) when (e.Error == "EACCES")
        {
            return null;
        }
    }
}
