using System.Diagnostics.CodeAnalysis;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>
/// What a transaction has seen and changed. It conflicts when a node that it has seen is not the same any more at its end,
/// whether it wrote that node or not (xenstored_transaction.c). The store's lock guards it.
/// </summary>
/// <param name="table">The nodes as everybody sees them.</param>
internal sealed class StoreTransaction(NodeTable table)
{
    private readonly Dictionary<string, AccessedNode> _byPath = new(StringComparer.Ordinal);
    private readonly List<AccessedNode> _accessed = [];
    private readonly Dictionary<StoreDomain, int> _nodes = [];

    /// <summary>The nodes it has seen, in that order.</summary>
    public IReadOnlyList<AccessedNode> Accessed => _accessed;

    /// <summary>True when it created a node, so that the quota is looked at.</summary>
    public bool HasCreated { get; set; }

    /// <summary>True when an operation failed halfway: it can only be aborted.</summary>
    public bool HasFailed { get; set; }

    /// <summary>A node that it has seen.</summary>
    public bool TryGet(string path, [NotNullWhen(true)] out AccessedNode? node) => _byPath.TryGetValue(path, out node);

    /// <summary>Notes a node that it sees for the first time.</summary>
    public AccessedNode Add(string path)
    {
        AccessedNode node = new(path, table.Find(path));
        _byPath.Add(path, node);
        _accessed.Add(node);
        return node;
    }

    /// <summary>Notes that a domain owns more or fewer nodes.</summary>
    public void Count(StoreDomain owner, int change) => _nodes[owner] = _nodes.GetValueOrDefault(owner) + change;

    /// <summary>Makes what it changed everybody's, all of it or, when the result is an error, nothing.</summary>
    /// <param name="watches">Who is told.</param>
    /// <param name="checkQuota">True when the number of nodes is limited.</param>
    public StoreError Commit(WatchTable watches, bool checkQuota)
    {
        if (HasFailed)
        {
            return StoreError.ENOMEM;
        }

        if (checkQuota && HasCreated && _nodes.Any(count => count.Key.Nodes + count.Value >= StoreQuotas.Nodes))
        {
            return StoreError.ENOSPC;
        }

        if (!IsConsistent)
        {
            return StoreError.EAGAIN;
        }

        foreach (AccessedNode node in _accessed)
        {
            Apply(node, watches);
        }

        foreach ((StoreDomain owner, int change) in _nodes)
        {
            owner.Nodes += change;
        }

        return StoreError.None;
    }

    private bool IsConsistent => _accessed.TrueForAll(node => table.Find(node.Path)?.Generation == node.Original?.Generation);

    private void Apply(AccessedNode node, WatchTable watches)
    {
        if (!node.IsModified)
        {
            return;
        }

        if (node.Current is { } current)
        {
            table.Put(node.Path, current with { Generation = table.NextGeneration() });
        }
        else
        {
            table.Delete(node.Path);
        }

        if (node.FireExact is { } exact)
        {
            watches.Fire(node.Path, null, exact, node.Original?.Permissions);
        }
    }
}
