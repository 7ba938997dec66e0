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

    /// <summary>How many nodes are of a kind.</summary>
    internal int Count(TopologyNodeKind kind) => Nodes.Where(n => n.Kind == kind).Sum(n => Math.Max(1, n.Members.Count));

    /// <summary>How many links are in a state.</summary>
    internal int Count(TopologyLinkState state) => Links.Where(l => l.State == state).Sum(l => Math.Max(1, l.Members.Count));
}
