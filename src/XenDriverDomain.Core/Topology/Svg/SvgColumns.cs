namespace XenDriverDomain.Topology.Svg;

/// <summary>
/// The four columns of the picture, as wide as what stands in them, and the gaps between them, as wide as labels and tracks need.
/// </summary>
internal sealed class SvgColumns
{
    /// <summary>The free border around everything.</summary>
    public const double Margin = 28;

    /// <summary>The column of devices.</summary>
    public const int Devices = 0;

    /// <summary>The column of driver domains and dom0.</summary>
    public const int Domains = 1;

    /// <summary>The column of bridges.</summary>
    public const int Bridges = 2;

    /// <summary>The column of guests.</summary>
    public const int Guests = 3;

    /// <summary>The room that a marker takes at the end of a link, and the label keeps free.</summary>
    public const double MarkerRoom = 26;

    private const int MostTracks = 10;
    private const double TrackWidth = 8;
    private const double Tail = 18;
    private const double Padding = 30;
    private const int NameCells = 26;
    private const int DetailCells = 32;

    // Two names that are cut already, and how many there are, which must not be cut.
    private const int GroupCells = 66;

    private static readonly double[] s_least = [150, 130, 110, 150];

    private readonly double[] _x = new double[4];
    private readonly double[] _width = new double[4];
    private readonly bool _oneLineGuests;

    /// <summary>Measures the columns.</summary>
    /// <param name="topologies">All hosts of the picture, which share the columns.</param>
    /// <param name="oneLineGuests">True where so many guests are in the picture that each gets one line.</param>
    public SvgColumns(IReadOnlyList<DriverDomainTopology> topologies, bool oneLineGuests)
    {
        _oneLineGuests = oneLineGuests;
        double[] gaps = new double[3];
        foreach (DriverDomainTopology topology in topologies)
        {
            foreach (TopologyNode node in topology.Nodes)
            {
                int column = Of(node.Kind);
                _width[column] = Math.Max(_width[column], WidthOf(node));
            }

            for (int gap = 0; gap < gaps.Length; gap++)
            {
                gaps[gap] = Math.Max(gaps[gap], WidthOfGap(topology, gap));
            }
        }

        double x = Margin;
        for (int column = 0; column < _x.Length; column++)
        {
            _x[column] = x;
            _width[column] = Math.Ceiling(Math.Max(_width[column], s_least[column]));
            x += _width[column] + (column < gaps.Length ? Math.Ceiling(gaps[column]) : Margin);
        }

        Width = x;
    }

    /// <summary>The width of the picture.</summary>
    public double Width { get; }

    /// <summary>The column of a kind.</summary>
    public static int Of(TopologyNodeKind kind) => kind switch
    {
        TopologyNodeKind.Device => Devices,
        TopologyNodeKind.DriverDomain or TopologyNodeKind.Dom0 => Domains,
        TopologyNodeKind.Bridge => Bridges,
        _ => Guests,
    };

    /// <summary>The left edge of a column.</summary>
    public double Left(int column) => _x[column];

    /// <summary>A track in the gap before a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="number">Which track; where there are too many links, they share.</param>
    public double Track(int column, int number) =>
        _x[column - 1] + _width[column - 1] + Tail + (number % MostTracks * TrackWidth);

    /// <summary>A node in its column.</summary>
    public SvgNode Place(TopologyNode node, double y, double height)
    {
        int column = Of(node.Kind);
        (string name, string detail) = Texts(node);
        return new SvgNode(node, new SvgBox(_x[column], y, _width[column], height), name, detail, IsOneLine(node.Kind));
    }

    private static (string Name, string Detail) Texts(TopologyNode node) =>
        (SvgText.Fit(node.Name, node.Members.Count > 0 ? GroupCells : NameCells), SvgText.Fit(node.Detail, DetailCells));

    private static double WidthOfGap(DriverDomainTopology topology, int gap)
    {
        TopologyLink[] links =
            [.. topology.Links.Where(l => (l.Kind switch { TopologyLinkKind.Pci => 0, TopologyLinkKind.Bridge => 1, _ => 2 }) == gap)];
        double label = links.Select(SvgText.LabelWidth).DefaultIfEmpty().Max();
        int tracks = links.GroupBy(l => gap == 0 ? l.From : l.To, StringComparer.Ordinal).Sum(g => g.Count() - 1);
        if (gap == 2)
        {
            // A device that a client has comes this way too.
            tracks += topology.Links.Count(l => l.Kind == TopologyLinkKind.Pci && l.To.StartsWith("guest/", StringComparison.Ordinal));
        }

        return (Tail * 2) + (Math.Min(tracks, MostTracks) * TrackWidth) + label + MarkerRoom;
    }

    private bool IsOneLine(TopologyNodeKind kind) => _oneLineGuests && kind == TopologyNodeKind.Guest;

    private double WidthOf(TopologyNode node)
    {
        (string nameText, string detailText) = Texts(node);
        double name = SvgText.Cells(nameText) * SvgText.NameCell;
        double detail = SvgText.Cells(detailText) * SvgText.SmallCell;
        return Padding + (IsOneLine(node.Kind) ? name + 14 + detail : Math.Max(name, detail));
    }
}
