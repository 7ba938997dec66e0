using System.Text;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Support;

/// <summary>
/// A xenstore in memory, as dom0 sees it: a tree with permissions, transactions that conflict, watches that fire once at once
/// and then for the node, its ancestors and (on removal) its descendants.
/// Tests play the other side with the indexer, <see cref="Remove(string)"/>, <see cref="Fire"/> and <see cref="Changed"/>.
/// </summary>
internal sealed class FakeXenStore : IXenStoreClient
{
    private const int TransactionTries = 8;
    private readonly object _lock = new();
    private readonly List<FakeXenStoreWatch> _watches = [];
    private SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal) { ["/"] = new Node([], RootPermissions) };
    private long _generation;

    private static IReadOnlyList<XenStorePermission> RootPermissions { get; } = [new XenStorePermission(XenStoreAccess.None, 0)];

    /// <summary>Called with a path after a node was written or removed, outside the lock: a back end or guest may react here.</summary>
    public event Action<string>? Changed;

    /// <summary>Called before each request with its name (read, write, list, mkdir, rm, getperms, setperms, watch) and path; may throw.</summary>
    public Action<string, string>? Fault { get; set; }

    /// <summary>Called after a transaction's body and before its commit: another client may interfere here.</summary>
    public Action? BeforeCommit { get; set; }

    /// <summary>Domains that xenstored knows.</summary>
    public HashSet<int> Introduced { get; } = [0];

    /// <summary>How many requests were made.</summary>
    public int Requests { get; private set; }

    /// <summary>How many watches are registered now.</summary>
    public int WatchCount
    {
        get
        {
            lock (_lock)
            {
                return _watches.Count;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsBroken { get; private set; }

    /// <summary>All nodes that have a value, by path, for comparing before and after.</summary>
    public IReadOnlyDictionary<string, string> Dump(string under = "/")
    {
        lock (_lock)
        {
            return _nodes.Where(n => IsWithin(n.Key, under)).ToDictionary(n => n.Key, n => Encoding.UTF8.GetString(n.Value.Value));
        }
    }

    /// <summary>A node's text (null when it is missing); setting it plays another client's write, null its removal.</summary>
    public string? this[string path]
    {
        get
        {
            lock (_lock)
            {
                return _nodes.TryGetValue(path, out Node? node) ? Encoding.UTF8.GetString(node.Value) : null;
            }
        }

        set
        {
            if (value is null)
            {
                Remove(path);
                return;
            }

            lock (_lock)
            {
                Put(_nodes, path, Encoding.UTF8.GetBytes(value));
                _generation++;
            }

            Tell(path);
        }
    }

    /// <summary>Plays another client's removal.</summary>
    public void Remove(string path)
    {
        lock (_lock)
        {
            Take(_nodes, path);
            _generation++;
        }

        Tell(path);
    }

    /// <summary>Fires the watches of a special name such as @releaseDomain.</summary>
    public void Fire(string special) => Tell(special);

    /// <summary>Plays the loss of the connection.</summary>
    public void Break()
    {
        FakeXenStoreWatch[] watches;
        lock (_lock)
        {
            IsBroken = true;
            watches = [.. _watches];
        }

        foreach (FakeXenStoreWatch watch in watches)
        {
            watch.Break(Lost());
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> TryReadAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        Enter("read", path, cancellationToken);
        lock (_lock)
        {
            return ValueTask.FromResult(_nodes.GetValueOrDefault(Absolute(path))?.Value);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>?> TryListAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        Enter("list", path, cancellationToken);
        lock (_lock)
        {
            return ValueTask.FromResult(Children(_nodes, Absolute(path)));
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(XenStorePath path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        Enter("write", path, cancellationToken);
        lock (_lock)
        {
            Put(_nodes, Absolute(path), value.ToArray());
            _generation++;
        }

        Tell(Absolute(path));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask MakeDirectoryAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        Enter("mkdir", path, cancellationToken);
        lock (_lock)
        {
            if (_nodes.ContainsKey(Absolute(path)))
            {
                return ValueTask.CompletedTask;
            }

            Put(_nodes, Absolute(path), []);
            _generation++;
        }

        Tell(Absolute(path));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        Enter("rm", path, cancellationToken);
        bool there;
        lock (_lock)
        {
            there = Take(_nodes, Absolute(path));
            _generation += there ? 1 : 0;
        }

        if (there)
        {
            Tell(Absolute(path));
        }

        return ValueTask.FromResult(there);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<XenStorePermission>> GetPermissionsAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        Enter("getperms", path, cancellationToken);
        lock (_lock)
        {
            return ValueTask.FromResult(Permissions(_nodes, path));
        }
    }

    /// <inheritdoc/>
    public ValueTask SetPermissionsAsync(
        XenStorePath path, IReadOnlyList<XenStorePermission> permissions, CancellationToken cancellationToken)
    {
        Enter("setperms", path, cancellationToken);
        lock (_lock)
        {
            SetPermissions(_nodes, path, permissions);
            _generation++;
        }

        Tell(Absolute(path));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<T> TransactAsync<T>(Func<IXenStore, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        for (int i = 0; i < TransactionTries; i++)
        {
            FakeXenStoreTransaction transaction;
            long begun;
            lock (_lock)
            {
                begun = _generation;
                transaction = new FakeXenStoreTransaction(this, new SortedDictionary<string, Node>(_nodes, StringComparer.Ordinal));
            }

            T result = await body(transaction, cancellationToken);
            BeforeCommit?.Invoke();
            lock (_lock)
            {
                if (_generation != begun)
                {
                    continue;
                }

                _nodes = transaction.Nodes;
                _generation++;
            }

            foreach (string path in transaction.Touched)
            {
                Tell(path);
            }

            return result;
        }

        throw new XenStoreException("commit", "/", "EAGAIN");
    }

    /// <inheritdoc/>
    public Task<IXenStoreWatch> WatchAsync(string path, CancellationToken cancellationToken)
    {
        Fault?.Invoke("watch", path);
        cancellationToken.ThrowIfCancellationRequested();
        FakeXenStoreWatch watch = new(path, Forget);
        lock (_lock)
        {
            if (IsBroken)
            {
                throw Lost();
            }

            _watches.Add(watch);
        }

        watch.Add(path);
        return Task.FromResult<IXenStoreWatch>(watch);
    }

    /// <inheritdoc/>
    public ValueTask<XenStorePath> GetDomainPathAsync(int domid, CancellationToken cancellationToken) =>
        ValueTask.FromResult(XenStorePath.Parse("/local/domain") / domid);

    /// <inheritdoc/>
    public ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Introduced.Contains(domid));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Break();
        return ValueTask.CompletedTask;
    }

    internal static string Absolute(XenStorePath path) => path.IsAbsolute ? path.ToString() : $"/local/domain/0/{path}";

    internal static IReadOnlyList<string>? Children(SortedDictionary<string, Node> nodes, string path)
    {
        if (!nodes.ContainsKey(path))
        {
            return null;
        }

        string prefix = path == "/" ? "/" : path + "/";
        return [.. nodes.Keys.Where(k => k.Length > prefix.Length && k.StartsWith(prefix, StringComparison.Ordinal))
            .Select(k => k[prefix.Length..]).Where(k => !k.Contains('/', StringComparison.Ordinal))];
    }

    internal static void Put(SortedDictionary<string, Node> nodes, string path, byte[] value)
    {
        if (nodes.TryGetValue(path, out Node? node))
        {
            nodes[path] = node with { Value = value };
            return;
        }

        string parent = ParentOf(path);
        if (!nodes.ContainsKey(parent))
        {
            Put(nodes, parent, []);
        }

        // A node made by dom0 belongs to its parent's owner and inherits what others may do (xenstored_core.c, construct_node).
        nodes[path] = new Node(value, nodes[parent].Permissions);
    }

    internal static bool Take(SortedDictionary<string, Node> nodes, string path)
    {
        string[] gone = [.. nodes.Keys.Where(k => IsWithin(k, path))];
        foreach (string key in gone)
        {
            nodes.Remove(key);
        }

        return gone.Length > 0;
    }

    internal static IReadOnlyList<XenStorePermission> Permissions(SortedDictionary<string, Node> nodes, XenStorePath path) =>
        nodes.TryGetValue(Absolute(path), out Node? node)
            ? node.Permissions
            : throw new XenStoreException("getperms", path.ToString(), "ENOENT");

    internal static void SetPermissions(
        SortedDictionary<string, Node> nodes, XenStorePath path, IReadOnlyList<XenStorePermission> permissions) =>
        nodes[Absolute(path)] = nodes.TryGetValue(Absolute(path), out Node? node)
            ? node with { Permissions = [.. permissions] }
            : throw new XenStoreException("setperms", path.ToString(), "ENOENT");

    internal void Enter(string operation, XenStorePath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsBroken)
        {
            throw Lost();
        }

        Requests++;
        Fault?.Invoke(operation, Absolute(path));
    }

    private static XenStoreException Lost() => new("reach", "xenstored", "EIO");

    private static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";

    private static bool IsWithin(string path, string top) =>
        top == "/" || path == top || path.StartsWith(top + "/", StringComparison.Ordinal);

    private void Tell(string path)
    {
        FakeXenStoreWatch[] watches;
        lock (_lock)
        {
            watches = [.. _watches];
        }

        foreach (FakeXenStoreWatch watch in watches)
        {
            if (IsWithin(path, watch.Path))
            {
                watch.Add(path);
            }
            else if (IsWithin(watch.Path, path))
            {
                watch.Add(watch.Path);
            }
        }

        Changed?.Invoke(path);
    }

    private void Forget(FakeXenStoreWatch watch)
    {
        lock (_lock)
        {
            _watches.Remove(watch);
        }
    }

    internal sealed record Node(byte[] Value, IReadOnlyList<XenStorePermission> Permissions);
}
