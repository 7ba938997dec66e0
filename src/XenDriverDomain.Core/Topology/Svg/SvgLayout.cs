namespace XenDriverDomain.Topology.Svg;

/// <summary>Gives the nodes and links of one host their places.</summary>
internal sealed class SvgLayout
{
    private const double NodeHeight = 44;
    private const double OneLineHeight = 26;
    private const double LaneHeight = 20;
    private const double PortHeight = 19;
    private const double Gap = 10;
    private const double OneLineGap = 5;
    private const double BandPadding = 10;
    private const double BandGap = 8;

    // Links of a tall box leave and arrive beside the name in it.
    private const double FirstLine = NodeHeight / 2;
    private const double Corner = 10;

    private readonly SvgColumns _columns;
    private readonly bool _oneLineGuests;
    private readonly Dictionary<string, SvgNode> _placed = new(StringComparer.Ordinal);
    private readonly Dictionary<TopologyLink, double> _lanes = new(ReferenceEqualityComparer.Instance);
    private readonly List<SvgBox> _bands = [];
    private readonly ILookup<string, TopologyLink> _incoming;

    private SvgLayout(DriverDomainTopology topology, SvgColumns columns, bool oneLineGuests, double top)
    {
        _columns = columns;
        _oneLineGuests = oneLineGuests;
        _incoming = topology.Links.ToLookup(l => l.To, StringComparer.Ordinal);
        Bottom = top;
        foreach (SvgBand band in SvgBands.Of(topology))
        {
            double bottom = Place(band, Bottom + BandPadding) + BandPadding;
            _bands.Add(new SvgBox(BandPadding, Bottom, columns.Width - (2 * BandPadding), bottom - Bottom));
            Bottom = bottom + BandGap;
        }

        Links = [.. Connect([.. topology.Links.Where(l => _placed.ContainsKey(l.From) && _placed.ContainsKey(l.To))])];
    }

    /// <summary>Where it ends.</summary>
    public double Bottom { get; }

    /// <summary>What belongs together.</summary>
    public IReadOnlyList<SvgBox> Bands => _bands;

    /// <summary>The nodes.</summary>
    public IReadOnlyCollection<SvgNode> Nodes => _placed.Values;

    /// <summary>The links.</summary>
    public IReadOnlyList<SvgLink> Links { get; }

    /// <summary>Lays one host out.</summary>
    /// <param name="topology">The host.</param>
    /// <param name="columns">The columns, shared by all hosts of the picture.</param>
    /// <param name="oneLineGuests">True where so many guests are in the picture that each gets one line.</param>
    /// <param name="top">Where it begins.</param>
    public static SvgLayout Of(DriverDomainTopology topology, SvgColumns columns, bool oneLineGuests, double top) =>
        new(topology, columns, oneLineGuests, top);

    private double Place(SvgBand band, double top)
    {
        double devices = PlaceDevices(band.Devices, top);
        double rows = PlaceRows(band.Rows, top);
        double bottom = Math.Max(devices, rows);
        if (band.Domain is not null)
        {
            bottom = Math.Max(bottom, top + NodeHeight);
            Put(band.Domain, top, bottom - top);
        }

        return bottom;
    }

    private double PlaceDevices(IReadOnlyList<TopologyNode> devices, double top)
    {
        for (int i = 0; i < devices.Count; i++)
        {
            Put(devices[i], top + (i * (NodeHeight + Gap)), NodeHeight);
        }

        return devices.Count == 0 ? top : top + (devices.Count * (NodeHeight + Gap)) - Gap;
    }

    private double PlaceRows(IReadOnlyList<SvgRow> rows, double top)
    {
        double y = top;
        double bottom = top;
        for (int i = 0; i < rows.Count; i++)
        {
            double start = y;
            int first = i;
            bottom = PlaceRow(rows[i], y);
            while (rows[first].Bridge is { } bridge && i + 1 < rows.Count && rows[i + 1].Bridge == bridge)
            {
                i++;
                bottom = PlaceRow(rows[i], bottom + (_oneLineGuests ? OneLineGap : Gap));
            }

            if (rows[first].Bridge is { } around)
            {
                bottom = Math.Max(bottom, start + NodeHeight);
                Put(around, start, bottom - start);
            }

            y = bottom + (_oneLineGuests && rows[first] is { Bridge: null, Lane: null } ? OneLineGap : Gap);
        }

        return bottom;
    }

    private double PlaceRow(SvgRow row, double y)
    {
        double height = row switch
        {
            { Guest: not null, Lane: null } =>
                Math.Max(_oneLineGuests ? OneLineHeight : NodeHeight, _incoming[row.Guest.Id].Count() * PortHeight),
            { Guest: null, Lane.Kind: TopologyLinkKind.Vif } => LaneHeight,
            _ => NodeHeight,
        };
        if (row.Guest is not null)
        {
            Put(row.Guest, y, height);
        }

        if (row.Lane is not null)
        {
            _lanes[row.Lane] = y + (height / 2);
        }

        return y + height;
    }

    private void Put(TopologyNode node, double y, double height) => _placed[node.Id] = _columns.Place(node, y, height);

    // The longer a link, the farther left its track: then links of one bridge do not cross each other.
    private IEnumerable<SvgLink> Connect(IReadOnlyList<TopologyLink> links)
    {
        int[] tracks = new int[4];
        var ways = links.Select(link => (Link: link, Heights: Heights(link, _placed[link.From].Box, _placed[link.To])));
        foreach ((TopologyLink link, (double startY, double endY)) in ways.OrderByDescending(
            w => Math.Abs(w.Heights.EndY - w.Heights.StartY)))
        {
            int column = SvgColumns.Of(_placed[link.To].Node.Kind);
            double track = _columns.Track(column, Math.Abs(endY - startY) < SvgLink.Straight ? 0 : tracks[column]++);
            yield return new SvgLink(link, _placed[link.From].Box.Right, startY, track, _placed[link.To].Box.X, endY);
        }
    }

    private (double StartY, double EndY) Heights(TopologyLink link, SvgBox from, SvgNode target)
    {
        switch (link.Kind)
        {
            case TopologyLinkKind.Bridge:
                return (target.Box.Y + FirstLine, target.Box.Y + FirstLine);
            case TopologyLinkKind.Pci when target.Node.Kind != TopologyNodeKind.Guest:
                double middle = from.Y + (from.Height / 2);
                return (middle, Inside(target.Box, middle));
            default:
                double port = PortOf(link, target.Box);
                return (_lanes.TryGetValue(link, out double lane) ? lane : Inside(from, port), port);
        }
    }

    // The links that reach a guest arrive below each other, in the order of the nodes that they come from.
    private double PortOf(TopologyLink link, SvgBox guest)
    {
        TopologyLink[] all = [.. _incoming[link.To].Where(l => _placed.ContainsKey(l.From)).OrderBy(l => _placed[l.From].Box.Y)];
        int port = Array.FindIndex(all, l => ReferenceEquals(l, link));
        return guest.Y + (guest.Height * (port + 0.5) / all.Length);
    }

    private static double Inside(SvgBox box, double y) => Math.Clamp(y, box.Y + Corner, box.Bottom - Corner);
}

/// <summary>A rectangle in pixels.</summary>
internal readonly record struct SvgBox(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;
}

/// <summary>A node and its place.</summary>
/// <param name="Node">The node.</param>
/// <param name="Box">Where it is.</param>
/// <param name="Name">Its name, cut to what fits.</param>
/// <param name="Detail">Its detail, cut to what fits.</param>
/// <param name="IsOneLine">True when the detail stands behind the name, false when it stands below.</param>
internal sealed record SvgNode(TopologyNode Node, SvgBox Box, string Name, string Detail, bool IsOneLine);

/// <summary>A row of a band: a guest beside the bridge that serves it, or a lane for a link that passes by.</summary>
/// <param name="Bridge">The bridge that the row belongs to; null when none stands in it.</param>
/// <param name="Guest">The guest; null when none stands in it.</param>
/// <param name="Lane">A link that passes where bridges would stand, at this row's height; null when there is none.</param>
internal sealed record SvgRow(TopologyNode? Bridge, TopologyNode? Guest, TopologyLink? Lane);
