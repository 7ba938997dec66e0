using System.Collections.Concurrent;
using XenDriverDomain.Access;
using XenDriverDomain.Snapshots.Redaction;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Snapshots;

/// <summary>
/// Records xenstore, level by level with many requests under way. The picture is not of one moment: nodes that vanish meanwhile are
/// left out.
/// </summary>
internal sealed class StoreRecorder(IXenStore store, LeftOutLog leftOut)
{
    // Three requests a node: about as many as a connection has outstanding by default.
    private const int NodesAtATime = 10;

    // All that toolstacks and back ends write is shorter; the quota of a guest lets it write 2,048 bytes to 1,000 nodes.
    private const int LongestGuestValue = 256;
    private const int MostGuestNodes = 1000;
    private const int MostNodes = 400_000;

    private readonly ConcurrentDictionary<string, (string Value, string Permissions)> _nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> _guestNodes = new();

    /// <summary>Reads it.</summary>
    public async Task<StoreRecording> RecordAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> roots = await store.TryListAsync(XenStorePath.Root, cancellationToken).ConfigureAwait(false) ?? [];

        // oxenstored lists the names of its special watches, which are no nodes.
        List<XenStorePath> level = [.. roots.Where(name => !name.StartsWith('@')).Select(name => XenStorePath.Root / name)];
        ParallelOptions options = new() { MaxDegreeOfParallelism = NodesAtATime, CancellationToken = cancellationToken };
        while (level.Count > 0)
        {
            ConcurrentBag<XenStorePath> next = [];
            await Parallel.ForEachAsync(level, options, async (path, token) =>
            {
                foreach (XenStorePath child in await RecordAsync(path, token).ConfigureAwait(false))
                {
                    next.Add(child);
                }
            }).ConfigureAwait(false);
            level = [.. next];
        }

        return Collect();
    }

    private async Task<IEnumerable<XenStorePath>> RecordAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        StoreRule rule = StoreRules.Of(path);
        switch (rule)
        {
            case StoreRule.Secret:
                leftOut.Add("passwords in xenstore", "secrets stay on the host");
                return [];
            case StoreRule.Unread:
                leftOut.Add("trees of xenstore", "this module does not read them");
                return [];
        }

        (byte[]? reading, IReadOnlyList<string>? listing, IReadOnlyList<XenStorePermission>? permitting) = await Together.AllAsync(
            store.TryReadAsync(path, cancellationToken).AsTask(),
            store.TryListAsync(path, cancellationToken).AsTask(),
            PermissionsAsync(path, cancellationToken)).ConfigureAwait(false);
        if (reading is not { } bytes
            || permitting is not { Count: > 0 } permissions)
        {
            return [];
        }

        IReadOnlyList<string> children = listing ?? [];
        string value = Value(path, rule, bytes);
        if (IsTooMuch(permissions[0].Domid, value))
        {
            leftOut.Add(
                "nodes of xenstore",
                $"a guest wrote more than {LongestGuestValue} bytes to a node, or made more than {MostGuestNodes} nodes");
            return [];
        }

        if (_nodes.Count >= MostNodes)
        {
            leftOut.Add("nodes of xenstore", $"there are more than {MostNodes}");
            return [];
        }

        _nodes[path.ToString()] = (value, StorePermissions.Write(permissions));
        if (rule == StoreRule.NodeOnly)
        {
            leftOut.Add(
                "what guests keep for themselves in xenstore", "guest data, and the queues of device models, may hold anything",
                children.Count);
            return [];
        }

        return children.Select(name => path / name);
    }

    private string Value(XenStorePath path, StoreRule rule, byte[] bytes)
    {
        if (rule == StoreRule.NodeOnly)
        {
            return string.Empty;
        }

        string value = ByteText.Of(bytes);
        if (StoreRules.IsCommandLine(path))
        {
            (string line, int words) = HarmlessWords.Reduce(value, HarmlessWords.Kind.Linux);
            leftOut.Add("words of guests' kernel command lines", "they are not about Xen, PCI, the root file system or the console", words);
            return line;
        }

        (string kept, int count) = HarmlessWords.ReduceSettings(value, HarmlessWords.Kind.Device);
        leftOut.Add("words in xenstore", "they are not known to be harmless", count);
        return kept;
    }

    private bool IsTooMuch(int owner, string value) => owner != 0
        && (value.Length > LongestGuestValue || _guestNodes.AddOrUpdate(owner, 1, (_, count) => count + 1) > MostGuestNodes);

    private async Task<IReadOnlyList<XenStorePermission>?> PermissionsAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetPermissionsAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (XenStoreException e) when (e.Error is "ENOENT" or "EACCES")
        {
            return null;
        }
    }

    private StoreRecording Collect()
    {
        const string Root = "n0";
        SortedDictionary<string, string> values = new(StringComparer.Ordinal);
        SortedDictionary<string, string> permissions = new(StringComparer.Ordinal);
        foreach ((string path, (string value, string own)) in _nodes)
        {
            values[path] = value;
            string above = path[..path.LastIndexOf('/')];
            if (own != (_nodes.TryGetValue(above, out (string Value, string Permissions) parent) ? parent.Permissions : Root))
            {
                permissions[path] = own;
            }
        }

        return new StoreRecording(values, permissions);
    }
}

/// <summary>What was recorded of xenstore.</summary>
/// <param name="Nodes">Value by path.</param>
/// <param name="Permissions">Permissions of nodes that have not those of the node above, by path.</param>
internal sealed record StoreRecording(IReadOnlyDictionary<string, string> Nodes, IReadOnlyDictionary<string, string> Permissions);
