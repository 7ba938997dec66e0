namespace XenDriverDomain.Simulation.XenStore;

/// <summary>All that xenstored knows, and the one lock that guards it: like the C xenstored it does one thing after the other.</summary>
internal sealed class StoreState
{
    /// <summary>Nothing in here is touched without it.</summary>
    public object Gate { get; } = new();

    /// <summary>The nodes.</summary>
    public NodeTable Nodes { get; } = new();

    /// <summary>The domains.</summary>
    public DomainTable Domains { get; } = new();

    /// <summary>The watches.</summary>
    public WatchTable Watches { get; }

    /// <summary>The connections that are open.</summary>
    public List<StoreConnection> Connections { get; } = [];

    /// <summary>A store with the nodes that xenstored makes itself, which are dom0's.</summary>
    public StoreState()
    {
        Watches = new WatchTable(Nodes);
        Domains.Get(0).Nodes = 3;
    }

    /// <summary>Forgets all, as a xenstored that starts does; nobody is connected any more.</summary>
    public void Clear()
    {
        Watches.Clear();
        Nodes.Clear();
        Domains.Clear();
        Domains.Get(0).Nodes = 3;
    }

    /// <summary>What a domain can do with nodes.</summary>
    public NodeRequests OperationsOf(StoreDomain domain, StoreTransaction? transaction) =>
        new(Nodes, Domains, Watches, domain, transaction);

    /// <summary>Makes a domain known, or resets its connection when it is.</summary>
    public void Introduce(StoreDomain domain)
    {
        if (domain.IsIntroduced)
        {
            foreach (StoreConnection connection in Connections.FindAll(one => one.Domain == domain && !domain.IsPrivileged))
            {
                connection.Reset();
            }

            return;
        }

        domain.IsIntroduced = true;
        Watches.FireSpecial("@introduceDomain");
    }

    /// <summary>
    /// Forgets a domain: its connections end, its nodes are removed, and so is its number from the permissions of others, so that a
    /// later domain with that number inherits nothing.
    /// </summary>
    public void Release(StoreDomain domain)
    {
        foreach (StoreConnection connection in Connections.FindAll(one => one.Domain == domain))
        {
            connection.Drop();
        }

        NodeRequests asDom0 = OperationsOf(Domains.Get(0), null);
        foreach (string path in Nodes.Where(node => node.Owner == domain.Domid))
        {
            // One above it may have taken it away already.
            if (Nodes.Find(path) is { } node)
            {
                asDom0.RemoveTree(path, node);
            }
        }

        foreach (string path in Nodes.Where(node => node.Permissions.Any(one => one.Domid == domain.Domid)))
        {
            StoreNode node = Nodes.Find(path)!;
            Nodes.Put(path, node with { Permissions = node.Permissions.RemoveAll(one => one.Domid == domain.Domid) });
        }

        Domains.Forget(domain.Domid);
        Watches.FireSpecial("@releaseDomain");
    }
}
