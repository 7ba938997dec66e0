using System.Collections.Immutable;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>
/// What a domain does with nodes, within a transaction or at once, with the checks and in the order of the C xenstored
/// (xenstored_core.c). The store's lock guards it.
/// </summary>
/// <param name="table">The nodes as everybody sees them.</param>
/// <param name="domains">The domains, for who owns how much.</param>
/// <param name="watches">Who is told of changes.</param>
/// <param name="domain">In whose name.</param>
/// <param name="transaction">The transaction; null for none.</param>
internal sealed class NodeRequests(
    NodeTable table, DomainTable domains, WatchTable watches, StoreDomain domain, StoreTransaction? transaction)
{
    private bool _overflow;

    /// <summary>Finds a node that the domain may use; a path that it may know nothing of is refused as such.</summary>
    /// <param name="path">The path as the domain said it.</param>
    /// <param name="access">What it wants.</param>
    /// <param name="node">The node; null unless the result is None.</param>
    /// <param name="absolute">The absolute path.</param>
    public StoreError Find(string path, XenStoreAccess access, out StoreNode? node, out string absolute)
    {
        absolute = StorePaths.Absolute(path, domain.Home);
        node = null;
        if (!StorePaths.IsValid(absolute))
        {
            return StoreError.EINVAL;
        }

        StoreNode? found = See(absolute);
        StoreError error;
        if (found is not null)
        {
            error = (found.AccessOf(domain) & access) == access ? StoreError.None : StoreError.EACCES;
        }
        else
        {
            // Whether they may know that there is nothing depends on the nearest node above it.
            error = (NearestAbove(absolute).AccessOf(domain) & access) != 0 ? StoreError.ENOENT : StoreError.EACCES;
        }

        if (_overflow)
        {
            error = StoreError.ENOSPC;
        }

        node = error == StoreError.None ? found : null;
        return error;
    }

    /// <summary>Sets the value, and creates the node and those above it where they are missing.</summary>
    public StoreError Write(string path, ReadOnlySpan<byte> value)
    {
        StoreError error = Find(path, XenStoreAccess.Write, out StoreNode? node, out string absolute);
        if (error == StoreError.None)
        {
            error = Replace(absolute, node! with { Value = value.ToArray() });
        }
        else if (error == StoreError.ENOENT)
        {
            error = Create(absolute, value.ToArray());
        }

        if (error == StoreError.None)
        {
            Fire(absolute, null, exact: false);
        }

        return error;
    }

    /// <summary>Creates a node and those above it where they are missing.</summary>
    public StoreError MakeDirectory(string path)
    {
        StoreError error = Find(path, XenStoreAccess.Write, out _, out string absolute);
        if (error != StoreError.ENOENT)
        {
            return error;
        }

        error = Create(absolute, ReadOnlyMemory<byte>.Empty);
        if (error == StoreError.None)
        {
            Fire(absolute, null, exact: false);
        }

        return error;
    }

    /// <summary>Removes a node and all below it; one that is not there is fine when the one above it is.</summary>
    /// <param name="path">The path as the domain said it.</param>
    /// <param name="removed">True when it was there.</param>
    public StoreError Remove(string path, out bool removed)
    {
        removed = false;
        StoreError error = Find(path, XenStoreAccess.Write, out StoreNode? node, out string absolute);
        if (error == StoreError.ENOENT)
        {
            return See(StorePaths.Parent(absolute)) is null ? StoreError.ENOENT : StoreError.None;
        }

        if (error != StoreError.None)
        {
            return error;
        }

        if (absolute == "/")
        {
            return StoreError.EINVAL;
        }

        if (See(StorePaths.Parent(absolute)) is null)
        {
            // Within a transaction: others have removed it since the transaction saw what was below it.
            return StoreError.EINVAL;
        }

        RemoveTree(absolute, node!);
        removed = true;
        return _overflow ? StoreError.ENOSPC : StoreError.None;
    }

    /// <summary>Removes a node that is there, and all below it, without asking for permission.</summary>
    public void RemoveTree(string absolute, StoreNode node)
    {
        string above = StorePaths.Parent(absolute);
        StoreNode parent = See(above)!;
        RemoveBelow(absolute, absolute, node);
        Put(above, parent with { Children = parent.Children.Remove(StorePaths.Name(absolute)) });
    }

    /// <summary>Replaces the permissions of a node, or of a special event.</summary>
    public StoreError SetPermissions(string path, ImmutableArray<XenStorePermission> permissions)
    {
        if (!domain.IsPrivileged && permissions.Length > StoreQuotas.Permissions)
        {
            return StoreError.ENOSPC;
        }

        if (StorePaths.IsSpecial(path))
        {
            return watches.SetSpecial(domain, path, permissions);
        }

        StoreError error = Find(path, XenStoreAccess.Write, out StoreNode? node, out string absolute);
        if (error == StoreError.None && !StoreNode.Owns(domain, node!.Permissions))
        {
            error = StoreError.EACCES;
        }

        if (error != StoreError.None)
        {
            return error;
        }

        if (!domain.IsPrivileged && permissions[0].Domid != node!.Owner)
        {
            return StoreError.EPERM;
        }

        ImmutableArray<XenStorePermission> before = node!.Permissions;
        error = Replace(absolute, node with { Permissions = permissions });
        if (error == StoreError.None)
        {
            Count(before[0].Domid, -1);
            Count(permissions[0].Domid, 1);
            Fire(absolute, null, exact: false, before);
        }

        return error;
    }

    private StoreNode NearestAbove(string absolute)
    {
        string at = StorePaths.Parent(absolute);
        while (true)
        {
            if (See(at) is { } node)
            {
                return node;
            }

            at = StorePaths.Parent(at);
        }
    }

    /// <summary>A node as it is now, here; in a transaction its state is noted.</summary>
    private StoreNode? See(string absolute)
    {
        if (transaction is null)
        {
            return table.Find(absolute);
        }

        if (transaction.TryGet(absolute, out AccessedNode? seen))
        {
            return seen.Current;
        }

        if (!domain.IsPrivileged && transaction.Accessed.Count >= StoreQuotas.TransactionNodes)
        {
            transaction.HasFailed = _overflow = true;
            return table.Find(absolute);
        }

        return transaction.Add(absolute).Current;
    }

    private StoreError Create(string absolute, ReadOnlyMemory<byte> value)
    {
        Stack<string> missing = new([absolute]);
        string above = StorePaths.Parent(absolute);
        StoreNode? parent;
        while ((parent = See(above)) is null)
        {
            missing.Push(above);
            above = StorePaths.Parent(above);
        }

        if (transaction is not null)
        {
            transaction.HasCreated = true;
        }

        // Inside a transaction the nodes it has created are counted at its end only.
        if (!domain.IsPrivileged && domain.Nodes + (transaction is null ? missing.Count : 1) > StoreQuotas.Nodes)
        {
            return StoreError.ENOSPC;
        }

        List<(string Path, StoreNode Node)> made = Plan(missing, above, parent, value);
        if (made.Exists(one => IsTooLarge(one.Node)))
        {
            return Fail();
        }

        foreach ((string path, StoreNode node) in made)
        {
            Put(path, node);
        }

        Count(made[^1].Node.Owner, made.Count - 1);
        return StoreError.None;
    }

    /// <summary>
    /// The existing node with its new child, and the new nodes downwards: they inherit permissions; a domain owns what it makes.
    /// </summary>
    private List<(string Path, StoreNode Node)> Plan(
        Stack<string> missing, string above, StoreNode parent, ReadOnlyMemory<byte> value)
    {
        ImmutableArray<XenStorePermission> permissions = domain.IsPrivileged
            ? parent.Permissions
            : parent.Permissions.SetItem(0, parent.Permissions[0] with { Domid = domain.Domid });
        List<(string Path, StoreNode Node)> made =
            [(above, parent with { Children = parent.Children.Add(StorePaths.Name(missing.Peek())) })];
        while (missing.TryPop(out string? path))
        {
            made.Add((path, new StoreNode(
                missing.Count == 0 ? value : ReadOnlyMemory<byte>.Empty,
                missing.TryPeek(out string? next) ? [StorePaths.Name(next)] : [],
                permissions,
                0)));
        }

        return made;
    }

    private bool IsTooLarge(StoreNode node) => !domain.IsPrivileged && node.Size >= StoreQuotas.NodeSize;

    private StoreError Fail()
    {
        // What an operation that fails halfway did inside a transaction cannot be undone there.
        if (transaction is not null)
        {
            transaction.HasFailed = true;
        }

        return StoreError.ENOSPC;
    }

    private StoreError Replace(string absolute, StoreNode node)
    {
        if (IsTooLarge(node))
        {
            return Fail();
        }

        Put(absolute, node);
        return StoreError.None;
    }

    private void Put(string absolute, StoreNode node) => Change(absolute, node with { Generation = table.NextGeneration() });

    private void Change(string absolute, StoreNode? node)
    {
        if (transaction is null)
        {
            if (node is null)
            {
                table.Delete(absolute);
            }
            else
            {
                table.Put(absolute, node);
            }
        }
        else if (transaction.TryGet(absolute, out AccessedNode? accessed))
        {
            accessed.Current = node;
            accessed.IsModified = true;
        }
    }

    private void RemoveBelow(string root, string absolute, StoreNode node)
    {
        foreach (string name in node.Children)
        {
            string child = StorePaths.Child(absolute, name);
            if (See(child) is { } below)
            {
                RemoveBelow(root, child, below);
            }
        }

        // Told while the node is there, since who is told depends on its permissions and on those of the node above it.
        Fire(absolute, node, exact: absolute != root);
        Change(absolute, null);
        Count(node.Owner, -1);
    }

    private void Count(int owner, int change)
    {
        StoreDomain domainOfOwner = domains.Get(owner);
        if (transaction is null)
        {
            domainOfOwner.Nodes += change;
        }
        else
        {
            transaction.Count(domainOfOwner, change);
        }
    }

    private void Fire(string absolute, StoreNode? node, bool exact, ImmutableArray<XenStorePermission>? before = null)
    {
        if (transaction is null)
        {
            watches.Fire(absolute, node, exact, before);
        }
        else if (transaction.TryGet(absolute, out AccessedNode? accessed))
        {
            // A wide event takes the place of an exact one, but not the other way round.
            accessed.FireExact = accessed.FireExact is false ? false : exact;
        }
    }
}
