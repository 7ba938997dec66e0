using System.Collections.Immutable;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>All watches by what they watch, and the rules for who is told (xenstored_watch.c). The store's lock guards it.</summary>
/// <param name="table">The nodes as everybody sees them.</param>
internal sealed class WatchTable(NodeTable table)
{
    private readonly Dictionary<string, List<StoreWatch>> _watches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<XenStorePermission>> _special = new(StringComparer.Ordinal)
    {
        ["@introduceDomain"] = [new XenStorePermission(XenStoreAccess.None, 0)],
        ["@releaseDomain"] = [new XenStorePermission(XenStoreAccess.None, 0)],
    };

    private long _lastSequence;

    /// <summary>Adds a watch; the caller fires it once.</summary>
    public void Add(StoreWatch watch)
    {
        if (!_watches.TryGetValue(watch.Path, out List<StoreWatch>? watches))
        {
            _watches.Add(watch.Path, watches = []);
        }

        watch.Sequence = ++_lastSequence;
        watches.Add(watch);
        watch.Domain.Watches++;
    }

    /// <summary>Takes a watch away.</summary>
    public void Remove(StoreWatch watch)
    {
        if (_watches.TryGetValue(watch.Path, out List<StoreWatch>? watches) && watches.Remove(watch))
        {
            watch.Domain.Watches--;
            if (watches.Count == 0)
            {
                _watches.Remove(watch.Path);
            }
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _watches.Clear();

    /// <summary>Tells of a changed node.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="node">What it is or, when it is being removed, was; null to look it up.</param>
    /// <param name="exact">True to tell only those who watch exactly this path, since the others hear of a node above it.</param>
    /// <param name="before">Its permissions before the change: who loses access is told, too.</param>
    public void Fire(string path, StoreNode? node, bool exact, ImmutableArray<XenStorePermission>? before = null)
    {
        foreach (StoreWatch watch in Concerned(path, exact))
        {
            if (IsToldTo(watch.Domain, path, node, before))
            {
                watch.Fire(path);
            }
        }
    }

    /// <summary>Tells of an event that is not about a node.</summary>
    public void FireSpecial(string name)
    {
        foreach (StoreWatch watch in _watches.GetValueOrDefault(name) ?? [])
        {
            if (StoreNode.AccessOf(watch.Domain, _special[name]).HasFlag(XenStoreAccess.Read))
            {
                watch.Fire(name);
            }
        }
    }

    /// <summary>Says who may be told of a special event.</summary>
    public StoreError SetSpecial(StoreDomain by, string name, ImmutableArray<XenStorePermission> permissions)
    {
        if (!_special.TryGetValue(name, out ImmutableArray<XenStorePermission> old))
        {
            return StoreError.EINVAL;
        }

        if (!StoreNode.Owns(by, old))
        {
            return StoreError.EACCES;
        }

        _special[name] = permissions;
        return StoreError.None;
    }

    /// <summary>The watches on a path and, unless exact, on the paths above it, in the order in which they were set.</summary>
    private List<StoreWatch> Concerned(string path, bool exact)
    {
        List<StoreWatch> found = [.. _watches.GetValueOrDefault(path) ?? []];
        for (string at = path; !exact && at != "/";)
        {
            at = StorePaths.Parent(at);
            found.AddRange(_watches.GetValueOrDefault(at) ?? []);
        }

        found.Sort((one, other) => one.Sequence.CompareTo(other.Sequence));
        return found;
    }

    private bool IsToldTo(StoreDomain domain, string path, StoreNode? node, ImmutableArray<XenStorePermission>? before)
    {
        if (domain.IsPrivileged)
        {
            // A node that is gone and whose permissions nobody kept (created and removed in one transaction) is told to nobody.
            return before is not null || node is not null || table.Find(path) is not null;
        }

        if (before is { } old && StoreNode.AccessOf(domain, old).HasFlag(XenStoreAccess.Read))
        {
            return true;
        }

        node ??= table.Find(path);
        return node is not null
            && (node.AccessOf(domain).HasFlag(XenStoreAccess.Read)
                || table.Find(StorePaths.Parent(path))?.AccessOf(domain).HasFlag(XenStoreAccess.Read) is true);
    }
}
