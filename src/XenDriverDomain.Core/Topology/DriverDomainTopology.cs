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
    /// <summary>How many nodes are of a kind.</summary>
    internal int Count(TopologyNodeKind kind) => Nodes.Count(n => n.Kind == kind);

    /// <summary>How many links are in a state.</summary>
    internal int Count(TopologyLinkState state) => Links.Count(l => l.State == state);
}
