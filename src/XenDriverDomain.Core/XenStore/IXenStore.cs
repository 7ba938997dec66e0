namespace XenDriverDomain.XenStore;

/// <summary>
/// The tree of xenstore as a client sees it, directly or within a transaction. A missing node is null where the method's name
/// begins with Try, and a <see cref="XenStoreException"/> (ENOENT) otherwise.
/// </summary>
public interface IXenStore
{
    /// <summary>The bytes of a node, or null when it does not exist.</summary>
    ValueTask<byte[]?> TryReadAsync(XenStorePath path, CancellationToken cancellationToken);

    /// <summary>The names of a node's children in the server's order, or null when the node does not exist; large lists included.</summary>
    ValueTask<IReadOnlyList<string>?> TryListAsync(XenStorePath path, CancellationToken cancellationToken);

    /// <summary>Writes a node, creating it and its parents.</summary>
    ValueTask WriteAsync(XenStorePath path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Creates an empty node and its parents; one that exists keeps its value.</summary>
    ValueTask MakeDirectoryAsync(XenStorePath path, CancellationToken cancellationToken);

    /// <summary>Removes a node and all below it; true when it was there.</summary>
    ValueTask<bool> RemoveAsync(XenStorePath path, CancellationToken cancellationToken);

    /// <summary>A node's permissions; the first entry names the owner.</summary>
    ValueTask<IReadOnlyList<XenStorePermission>> GetPermissionsAsync(XenStorePath path, CancellationToken cancellationToken);

    /// <summary>Sets a node's permissions; the first entry names the owner and what everybody else may do.</summary>
    ValueTask SetPermissionsAsync(XenStorePath path, IReadOnlyList<XenStorePermission> permissions, CancellationToken cancellationToken);
}
