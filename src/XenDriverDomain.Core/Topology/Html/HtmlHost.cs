using System.Globalization;
using XenDriverDomain.Domains;

namespace XenDriverDomain.Topology.Html;

/// <summary>A host as the tables of the page ask for it.</summary>
internal sealed class HtmlHost
{
    private readonly ILookup<string, TopologyLink> _to;
    private readonly ILookup<string, TopologyLink> _from;
    private readonly Dictionary<string, TopologyNode> _nodes = new(StringComparer.Ordinal);

    /// <summary>Takes a host in.</summary>
    /// <param name="topology">The host, equal guests folded.</param>
    /// <param name="number">Which of the page's hosts it is.</param>
    public HtmlHost(DriverDomainTopology topology, int number)
    {
        Topology = topology;
        Id = string.Create(CultureInfo.InvariantCulture, $"host{number}");
        TopologyLink[] all = [.. topology.Links.SelectMany(l => l.Members.Count > 0 ? l.Members : [l])];
        _to = all.ToLookup(l => l.To, StringComparer.Ordinal);
        _from = all.ToLookup(l => l.From, StringComparer.Ordinal);
        foreach (TopologyNode node in topology.Nodes.SelectMany(n => n.Members.Count > 0 ? n.Members : [n]))
        {
            _nodes.TryAdd(node.Id, node);
        }
    }

    /// <summary>The host.</summary>
    public DriverDomainTopology Topology { get; }

    /// <summary>What its ids in the page begin with.</summary>
    public string Id { get; }

    /// <summary>The links that are not healthy as they are drawn, the worst first.</summary>
    public IReadOnlyList<TopologyLink> Problems =>
        [.. Topology.Links.Where(l => l.State != TopologyLinkState.Healthy).OrderByDescending(l => l.State)];

    /// <summary>The driver domains, and dom0 where it serves.</summary>
    public IEnumerable<TopologyNode> Servers =>
        Topology.Nodes.Where(n => n.Kind is TopologyNodeKind.DriverDomain or TopologyNodeKind.Dom0);

    /// <summary>The nodes of a kind.</summary>
    public IEnumerable<TopologyNode> Of(TopologyNodeKind kind) => Topology.Nodes.Where(n => n.Kind == kind);

    /// <summary>The links that reach a node from the hardware's side.</summary>
    public IEnumerable<TopologyLink> To(TopologyNode node) => _to[node.Id];

    /// <summary>The links that leave a node towards the guests.</summary>
    public IEnumerable<TopologyLink> From(TopologyNode node) => _from[node.Id];

    /// <summary>The bridges inside a domain.</summary>
    public IEnumerable<TopologyLink> BridgesOf(TopologyNode domain) => From(domain).Where(l => l.Kind == TopologyLinkKind.Bridge);

    /// <summary>How many guests a domain serves.</summary>
    public int GuestsOf(TopologyNode domain) => BridgesOf(domain).SelectMany(l => _from[l.To]).Concat(From(domain))
        .Where(l => l.Kind == TopologyLinkKind.Vif).Select(l => l.To).Distinct(StringComparer.Ordinal).Count();

    /// <summary>The back end of a guest's interface, and the bridge in it, where there is one.</summary>
    public (string Server, string? Bridge) ServerOf(TopologyLink link) =>
        _nodes.GetValueOrDefault(link.From) is { Kind: TopologyNodeKind.Bridge } bridge && To(bridge).FirstOrDefault() is { } behind
            ? (behind.FromName, bridge.Name)
            : (link.FromName, null);

    /// <summary>The back ends of a guest: netdd / xenbr0.</summary>
    public IEnumerable<string> ServersOf(TopologyNode guest) => To(guest).Where(l => l.Kind == TopologyLinkKind.Vif)
        .Select(ServerOf).Select(s => s.Bridge is null ? s.Server : $"{s.Server} / {s.Bridge}").Distinct(StringComparer.Ordinal);

    /// <summary>The worst of some links; null when there are none.</summary>
    public static TopologyLinkState? Worst(IEnumerable<TopologyLink> links) =>
        links.Select(l => (TopologyLinkState?)l.State).DefaultIfEmpty().Max();

    /// <summary>What a domain does.</summary>
    public static string StateOf(TopologyNode domain) =>
        !domain.Exists ? "gone"
        : domain.State is { } state and not DomainState.Unknown ? $"{state}".ToLowerInvariant()
        : domain.Domid is null ? "not running"
        : "not known";

    /// <summary>The memory of a domain; null when it is not known.</summary>
    public static string? Memory(int? mebibytes) =>
        mebibytes is null ? null : string.Create(CultureInfo.InvariantCulture, $"{mebibytes} MiB");

    /// <summary>What equal guests have of something: one value, or from which to which; null when none is known.</summary>
    public static string? Range(IEnumerable<int?> values, string unit = "")
    {
        int[] known = [.. values.OfType<int>().Order()];
        return known.Length == 0 ? null
            : known[0] == known[^1] ? string.Create(CultureInfo.InvariantCulture, $"{known[0]}{unit}")
            : string.Create(CultureInfo.InvariantCulture, $"{known[0]} to {known[^1]}{unit}");
    }
}
