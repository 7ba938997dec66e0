using System.Collections.Immutable;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>All nodes by their absolute paths, as everybody sees them. The store's lock guards it.</summary>
internal sealed class NodeTable
{
    private readonly Dictionary<string, StoreNode> _nodes = new(StringComparer.Ordinal);
    private ulong _lastGeneration;

    /// <summary>The nodes that a xenstored without a history has (setup_structure, xenstored_core.c).</summary>
    public NodeTable() => Begin();

    /// <summary>Forgets all, as a xenstored that starts does.</summary>
    public void Clear()
    {
        _nodes.Clear();
        Begin();
    }

    private void Begin()
    {
        Put("/", New() with { Children = ["tool"] });
        Put("/tool", New() with { Children = ["xenstored"] });
        Put("/tool/xenstored", New());
    }

    /// <summary>A node; null when there is none.</summary>
    public StoreNode? Find(string path) => _nodes.GetValueOrDefault(path);

    /// <summary>Adds or replaces a node.</summary>
    public void Put(string path, StoreNode node) => _nodes[path] = node;

    /// <summary>Takes a node away.</summary>
    public void Delete(string path) => _nodes.Remove(path);

    /// <summary>A generation that was never given.</summary>
    public ulong NextGeneration() => ++_lastGeneration;

    /// <summary>The paths of the nodes that satisfy a condition, in ordinal order.</summary>
    public List<string> Where(Func<StoreNode, bool> condition) =>
        [.. _nodes.Where(node => condition(node.Value)).Select(node => node.Key).Order(StringComparer.Ordinal)];

    private StoreNode New() =>
        new(ReadOnlyMemory<byte>.Empty, [], [new XenStorePermission(XenStoreAccess.None, 0)], NextGeneration());
}
