namespace XenDriverDomain.Topology.Svg;

/// <summary>Sorts a topology into bands. A node stands in one place, where its best link leads; its other links go across.</summary>
internal sealed class SvgBands
{
    private readonly DriverDomainTopology _topology;
    private readonly ILookup<string, TopologyLink> _to;
    private readonly Dictionary<string, TopologyNode> _nodes;
    private readonly Dictionary<string, TopologyLink> _home = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TopologyLink> _deviceHome = new(StringComparer.Ordinal);

    private SvgBands(DriverDomainTopology topology)
    {
        _topology = topology;
        _nodes = topology.Nodes.ToDictionary(n => n.Id, StringComparer.Ordinal);
        _to = topology.Links.Where(l => _nodes.ContainsKey(l.From) && _nodes.ContainsKey(l.To)).ToLookup(
            l => l.From, StringComparer.Ordinal);
        // A guest belongs where it works, and then to its first interface.
        foreach (TopologyLink link in _to.SelectMany(l => l).OrderBy(l => l.State).ThenBy(l => l.Label, StringComparer.Ordinal))
        {
            if (link.Kind == TopologyLinkKind.Vif)
            {
                _home.TryAdd(link.To, link);
            }
            else if (link.Kind == TopologyLinkKind.Pci)
            {
                _deviceHome.TryAdd(link.From, link);
            }
        }
    }

    /// <summary>The bands, from top to bottom: driver domains, dom0, domains that are gone, and what is connected to none.</summary>
    public static IReadOnlyList<SvgBand> Of(DriverDomainTopology topology) => [.. new SvgBands(topology).Sort()];

    private IEnumerable<SvgBand> Sort()
    {
        IEnumerable<TopologyNode> domains = Of(SvgColumns.Domains).OrderBy(d => d.Exists ? 0 : 1);
        foreach (TopologyNode domain in domains)
        {
            yield return BandOf(domain);
        }

        // Devices that a mere client has: each on a lane of its own, below all domains, where nothing stands in the way.
        TopologyLink[] direct = [.. _deviceHome.Values.Where(l => SvgColumns.Of(_nodes[l.To].Kind) == SvgColumns.Guests)];
        if (direct.Length > 0)
        {
            yield return new SvgBand(null, [.. direct.Select(l => _nodes[l.From])], [.. direct.Select(GuestOfItsOwn)]);
        }

        TopologyNode[] devices = [.. Of(SvgColumns.Devices).Where(d => !_deviceHome.ContainsKey(d.Id))];
        HashSet<string> placed = [.. direct.Select(l => l.To)];
        SvgRow[] guests = [.. Of(SvgColumns.Guests).Where(g => !_home.ContainsKey(g.Id) && !placed.Contains(g.Id))
            .Select(g => new SvgRow(null, g, null))];
        if (devices.Length + guests.Length > 0)
        {
            yield return new SvgBand(null, devices, guests);
        }
    }

    private SvgBand BandOf(TopologyNode domain)
    {
        List<SvgRow> rows = [];
        foreach (TopologyLink link in _to[domain.Id].Where(l => l.Kind == TopologyLinkKind.Bridge))
        {
            TopologyNode bridge = _nodes[link.To];
            SvgRow[] guests = [.. _to[bridge.Id].Where(IsHome).Select(l => new SvgRow(bridge, _nodes[l.To], null))];
            rows.AddRange(guests.Length > 0 ? guests : [new SvgRow(bridge, null, null)]);
        }

        foreach (TopologyLink link in _to[domain.Id].Where(l => l.Kind == TopologyLinkKind.Vif))
        {
            rows.Add(IsHome(link) ? new SvgRow(null, _nodes[link.To], null) : new SvgRow(null, null, link));
        }

        return new SvgBand(
            domain,
            [.. _deviceHome.Values.Where(l => l.To == domain.Id).Select(l => _nodes[l.From])],
            rows);
    }

    // A guest without an interface stands at its first device's height; any other one has its place already.
    private SvgRow GuestOfItsOwn(TopologyLink link) =>
        !_home.ContainsKey(link.To) && _deviceHome.Values.First(l => l.To == link.To) == link
            ? new SvgRow(null, _nodes[link.To], link)
            : new SvgRow(null, null, link);

    private bool IsHome(TopologyLink link) => link.Kind == TopologyLinkKind.Vif && ReferenceEquals(_home[link.To], link);

    private IEnumerable<TopologyNode> Of(int column) => _topology.Nodes.Where(n => SvgColumns.Of(n.Kind) == column);
}

/// <summary>
/// What belongs to one domain: its devices to the left, its bridges and their guests to the right, one row each. With bands and
/// rows nearly every link is a straight line, however many there are.
/// </summary>
/// <param name="Domain">The domain; null for what has none.</param>
/// <param name="Devices">The devices, stacked from the top.</param>
/// <param name="Rows">The rows, rows of one bridge together.</param>
internal sealed record SvgBand(TopologyNode? Domain, IReadOnlyList<TopologyNode> Devices, IReadOnlyList<SvgRow> Rows);
