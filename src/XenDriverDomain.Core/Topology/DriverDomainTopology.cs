namespace XenDriverDomain.Topology;

/// <summary>
/// Which device serves which guest over which domain and bridge of a host, at the moment it was looked at. Links lead from the
/// hardware to the guests: device, domain, bridge, guest. A domain that both serves others and is a client is a node in each role.
/// </summary>
/// <param name="Dom0">The id of the host.</param>
/// <param name="Nodes">The devices, domains and bridges, by kind.</param>
/// <param name="Links">The links between them, by kind.</param>
public sealed record DriverDomainTopology(string Dom0, IReadOnlyList<TopologyNode> Nodes, IReadOnlyList<TopologyLink> Links)
{
    /// <summary>When it was read, by the clock that the host is waited for with, in UTC; null when that is not known.</summary>
    // No DateTimeOffset: CLIXML and JSON bring a DateTime back as it was.
    public DateTime? ReadAt { get; init; }

    /// <summary>How many PCI functions there are.</summary>
    public int Devices => Count(TopologyNodeKind.Device);

    /// <summary>How many driver domains there are.</summary>
    public int Domains => Count(TopologyNodeKind.DriverDomain);

    /// <summary>How many bridges there are.</summary>
    public int Bridges => Count(TopologyNodeKind.Bridge);

    /// <summary>How many guests there are.</summary>
    public int Guests => Count(TopologyNodeKind.Guest);

    /// <summary>How many links work.</summary>
    public int Healthy => Count(TopologyLinkState.Healthy);

    /// <summary>How many links do not work yet.</summary>
    public int Waiting => Count(TopologyLinkState.Waiting);

    /// <summary>How many links do not work.</summary>
    public int Broken => Count(TopologyLinkState.Broken);

    /// <summary>What is wrong or awaited: of each link that is not healthy its end towards the guests, what, and what to do.</summary>
    public IReadOnlyList<string> Wrong =>
        [.. Links.Where(l => l.State != TopologyLinkState.Healthy).Select(l => $"{l.ToName}: {l.Detail} {l.Remedy}".TrimEnd())];

    /// <summary>How many nodes are of a kind.</summary>
    internal int Count(TopologyNodeKind kind) => Nodes.Where(n => n.Kind == kind).Sum(n => Math.Max(1, n.Members.Count));

    /// <summary>How many links are in a state.</summary>
    internal int Count(TopologyLinkState state) => Links.Where(l => l.State == state).Sum(l => Math.Max(1, l.Members.Count));
}
