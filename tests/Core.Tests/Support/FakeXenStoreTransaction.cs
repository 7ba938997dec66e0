using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Support;

/// <summary>The tree within a transaction of <see cref="FakeXenStore"/>: a copy that is put in place by the commit.</summary>
internal sealed class FakeXenStoreTransaction(FakeXenStore store, SortedDictionary<string, FakeXenStore.Node> nodes) : IXenStore
{
    /// <summary>The tree as the transaction sees it.</summary>
    public SortedDictionary<string, FakeXenStore.Node> Nodes { get; } = nodes;

    /// <summary>The paths that were changed, in order.</summary>
    public List<string> Touched { get; } = [];

    /// <inheritdoc/>
    public ValueTask<byte[]?> TryReadAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        store.Enter("read", path, cancellationToken);
        return ValueTask.FromResult(Nodes.GetValueOrDefault(FakeXenStore.Absolute(path))?.Value);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>?> TryListAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        store.Enter("list", path, cancellationToken);
        return ValueTask.FromResult(FakeXenStore.Children(Nodes, FakeXenStore.Absolute(path)));
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(XenStorePath path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        store.Enter("write", path, cancellationToken);
        FakeXenStore.Put(Nodes, FakeXenStore.Absolute(path), value.ToArray());
        Touched.Add(FakeXenStore.Absolute(path));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask MakeDirectoryAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        store.Enter("mkdir", path, cancellationToken);
        if (!Nodes.ContainsKey(FakeXenStore.Absolute(path)))
        {
            FakeXenStore.Put(Nodes, FakeXenStore.Absolute(path), []);
            Touched.Add(FakeXenStore.Absolute(path));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        store.Enter("rm", path, cancellationToken);
        bool there = FakeXenStore.Take(Nodes, FakeXenStore.Absolute(path));
        if (there)
        {
            Touched.Add(FakeXenStore.Absolute(path));
        }

        return ValueTask.FromResult(there);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<XenStorePermission>> GetPermissionsAsync(XenStorePath path, CancellationToken cancellationToken)
    {
        store.Enter("getperms", path, cancellationToken);
        return ValueTask.FromResult(FakeXenStore.Permissions(Nodes, path));
    }

    /// <inheritdoc/>
    public ValueTask SetPermissionsAsync(
        XenStorePath path, IReadOnlyList<XenStorePermission> permissions, CancellationToken cancellationToken)
    {
        store.Enter("setperms", path, cancellationToken);
        FakeXenStore.SetPermissions(Nodes, path, permissions);
        Touched.Add(FakeXenStore.Absolute(path));
        return ValueTask.CompletedTask;
    }
}
