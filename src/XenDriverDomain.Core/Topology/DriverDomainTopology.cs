namespace XenDriverDomain.Topology;

/// <summary>
/// Which device serves which guest over which domain and bridge of a host, at the moment it was looked at. Links lead from the
/// hardware to the guests: device, domain, bridge, guest. A domain that both serves others and is a client is a node in each role.
/// </summary>
public sealed record DriverDomainTopology
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The devices, domains and bridges, by kind.</summary>
    public required IReadOnlyList<TopologyNode> Nodes { get; init; }

    /// <summary>The links between them, by kind.</summary>
    public required IReadOnlyList<TopologyLink> Links { get; init; }

    /// <summary>How many nodes are of a kind.</summary>
    internal int Count(TopologyNodeKind kind) => Nodes.Count(n => n.Kind == kind);

    /// <summary>How many links are in a state.</summary>
    internal int Count(TopologyLinkState state) => Links.Count(l => l.State == state);
}
