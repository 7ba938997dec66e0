using System.Globalization;
using System.Text;
using System.Xml;

namespace XenDriverDomain.Topology.Svg;

/// <summary>
/// Draws topologies as an SVG 1.1 picture that needs no font, script or file of its own. Each node and link has its full text as a
/// tooltip; what is not healthy is also listed below the picture with its reason. Inside a page, whose words say all that, it is the
/// bare picture, and the page has the style sheet.
/// </summary>
internal sealed class SvgWriter
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const int MostGuestsOfTwoLines = 16;
    private const int MostProblems = 20;
    private const double HeaderHeight = 66;
    private const double BareHeaderHeight = 44;
    private const double HeadingHeight = 20;
    private const double LegendWidth = 340;
    private const double LineHeight = 20;
    private const double BaseLine = 4;
    private const double TitleCell = 11;
    private const double StackOffset = 4;

    private readonly XmlWriter _svg;
    private readonly IReadOnlyList<DriverDomainTopology> _topologies;
    private readonly SvgColumns _columns;
    private readonly bool _oneLineGuests;
    private readonly string? _part;

    private SvgWriter(XmlWriter svg, IReadOnlyList<DriverDomainTopology> topologies, string? part)
    {
        _svg = svg;
        _part = part;
        _topologies = topologies;
        _oneLineGuests = topologies.Sum(t => t.Nodes.Count(n => n.Kind == TopologyNodeKind.Guest)) > MostGuestsOfTwoLines;
        _columns = new SvgColumns(topologies, _oneLineGuests);
    }

    public static string Write(IReadOnlyList<DriverDomainTopology> topologies)
    {
        StringBuilder text = new();
        XmlWriterSettings settings = new() { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true };
        using (XmlWriter svg = XmlWriter.Create(text, settings))
        {
            new SvgWriter(svg, topologies, null).Write();
        }

        return text.Append('\n').ToString();
    }

    /// <summary>Draws one host into a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="topology">The host.</param>
    /// <param name="part">What ids in the picture begin with, so that each is the page's only one.</param>
    public static void WriteInto(XmlWriter page, DriverDomainTopology topology, string part) =>
        new SvgWriter(page, [topology], part).Write();

    private double Header => _part is null ? HeaderHeight : BareHeaderHeight;

    private void Write()
    {
        List<(DriverDomainTopology Topology, double Top, SvgLayout Layout)> hosts = [];
        double y = 0;
        foreach (DriverDomainTopology topology in _topologies)
        {
            SvgLayout layout = SvgLayout.Of(topology, _columns, _oneLineGuests, y + Header + HeadingHeight);
            hosts.Add((topology, y, layout));
            y = layout.Bottom + (_part is null ? ProblemsHeight(topology) : 0);
        }

        Begin(y + 8);
        foreach ((DriverDomainTopology topology, double top, SvgLayout layout) in hosts)
        {
            WriteHeader(topology, top);
            WriteLayout(layout);
            if (_part is null)
            {
                WriteProblems(topology, layout.Bottom);
            }
        }

        WriteLegend();
        _svg.WriteEndElement();
    }

    private void Begin(double height)
    {
        _svg.WriteStartElement("svg", Namespace);
        Attribute("width", _columns.Width);
        Attribute("height", height);
        Attribute("viewBox", Invariant($"0 0 {_columns.Width:0.#} {height:0.#}"));
        Attribute("role", "img");
        if (_part is null)
        {
            Attribute("aria-labelledby", "title desc");
        }
        else
        {
            Attribute("aria-labelledby", $"{_part}title");
            Attribute("aria-describedby", $"{_part}desc");
        }

        Start("title");
        Attribute("id", $"{_part}title");
        End(string.Join("; ", _topologies.Select(TopologyWords.Title)));
        Start("desc");
        Attribute("id", $"{_part}desc");
        End(string.Join(
            ' ', _topologies.SelectMany(t => new[] { TopologyWords.Summary(t) }.Concat(Problems(t).Select(TopologyWords.Describe)))));
        if (_part is null)
        {
            Start("style");
            End(SvgStyle.Sheet);
        }

        Rectangle("page", new SvgBox(0, 0, _columns.Width, height), 0);
    }

    private void WriteHeader(DriverDomainTopology topology, double top)
    {
        int widest = (int)((_columns.Width - (2 * SvgColumns.Margin)) / SvgText.SmallCell);
        int title = (int)((_columns.Width - (2 * SvgColumns.Margin) - LegendWidth) / TitleCell);
        if (_part is null)
        {
            WriteText("title", SvgColumns.Margin, top + 34, SvgText.Fit(TopologyWords.Title(topology), title));
            WriteText("small", SvgColumns.Margin, top + 56, SvgText.Fit(TopologyWords.Summary(topology), widest));
        }

        string[] headings = ["PCI DEVICES", "DRIVER DOMAINS", "BRIDGES", "GUESTS"];
        for (int column = 0; column < headings.Length; column++)
        {
            WriteText("heading", _columns.Left(column), top + Header + 13, headings[column]);
        }
    }

    private void WriteLayout(SvgLayout layout)
    {
        foreach (SvgBox band in layout.Bands)
        {
            Rectangle("band", band, 10);
        }

        // What is wrong lies above what is not, and nodes above the ends of links.
        SvgLink[] links = [.. layout.Links.OrderBy(l => l.Link.State)];
        foreach (SvgLink link in links)
        {
            WriteLine(link);
        }

        foreach (SvgNode node in layout.Nodes)
        {
            WriteNode(node);
        }

        foreach (SvgLink link in links)
        {
            WriteSign(link);
        }
    }

    private void WriteLine(SvgLink link)
    {
        StartGroup(TopologyWords.Word(link.Link.State), TopologyWords.Describe(link.Link));
        WritePath("line", link.Path);
        _svg.WriteEndElement();
    }

    private void WriteSign(SvgLink link)
    {
        double right = link.EndX - SvgColumns.MarkerRoom;
        double width = SvgText.LabelWidth(link.Link);
        StartGroup(TopologyWords.Word(link.Link.State), TopologyWords.Describe(link.Link));
        Rectangle("under", new SvgBox(right - width - 4, link.EndY - 8, width + 8, 16), 3);
        WriteText("label end", right, link.EndY + BaseLine, TopologyWords.Label(link.Link));
        SvgMarker.Write(_svg, link.Link.State, link.EndX - 12, link.EndY);
        _svg.WriteEndElement();
    }

    private void WriteNode(SvgNode placed)
    {
        SvgBox box = placed.Box;
        StartGroup(null, TopologyWords.Describe(placed.Node));
        if (placed.Node.Members.Count > 0)
        {
            // More boxes behind the first.
            Rectangle("stack", new SvgBox(box.X + StackOffset, box.Y + StackOffset, box.Width, box.Height), 6);
        }

        Rectangle(placed.Node.Exists ? "box" : "box gone", box, 6);
        Rectangle(ClassOf(placed.Node.Kind), new SvgBox(box.X + 5, box.Y + 6, 4, box.Height - 12), 2);
        double x = box.X + 17;
        if (placed.IsOneLine)
        {
            double middle = box.Y + (box.Height / 2) + BaseLine;
            WriteText("name", x, middle, placed.Name);
            WriteText("small end", box.Right - 10, middle, placed.Detail);
        }
        else
        {
            WriteText("name", x, box.Y + (placed.Detail.Length == 0 ? 27 : 19), placed.Name);
            WriteText("small", x, box.Y + 35, placed.Detail);
        }

        _svg.WriteEndElement();
    }

    private static TopologyLink[] Problems(DriverDomainTopology topology) =>
        [.. topology.Links.Where(l => l.State != TopologyLinkState.Healthy).OrderByDescending(l => l.State)];

    private static double ProblemsHeight(DriverDomainTopology topology)
    {
        int lines = Math.Min(Problems(topology).Length, MostProblems + 1);
        return lines == 0 ? 0 : 8 + (lines * LineHeight);
    }

    private void WriteProblems(DriverDomainTopology topology, double top)
    {
        TopologyLink[] problems = Problems(topology);
        double y = top + 16;
        double x = SvgColumns.Margin + 22;
        int widest = (int)((_columns.Width - SvgColumns.Margin - x) / SvgText.SmallCell);
        foreach (TopologyLink problem in problems.Take(MostProblems))
        {
            StartGroup(TopologyWords.Word(problem.State), TopologyWords.Describe(problem));
            SvgMarker.Write(_svg, problem.State, SvgColumns.Margin + 8, y);
            WriteText(string.Empty, x, y + BaseLine, SvgText.Fit(TopologyWords.Reason(problem), widest));
            _svg.WriteEndElement();
            y += LineHeight;
        }

        if (problems.Length > MostProblems)
        {
            WriteText("small", x, y + BaseLine, $"and {problems.Length - MostProblems} more");
        }
    }

    private void WriteLegend()
    {
        double x = _columns.Width - SvgColumns.Margin - LegendWidth;
        const double y = 28;
        foreach (TopologyLinkState state in Enum.GetValues<TopologyLinkState>())
        {
            string word = TopologyWords.Word(state);
            StartGroup(word, null);
            WritePath("line", Invariant($"M{x:0.#} {y:0.#}h36"));
            SvgMarker.Write(_svg, state, x + 40, y);
            WriteText("label", x + 54, y + BaseLine, word);
            _svg.WriteEndElement();
            x += LegendWidth / 3;
        }
    }

    private static string ClassOf(TopologyNodeKind kind) => kind switch
    {
        TopologyNodeKind.Device => "device",
        TopologyNodeKind.DriverDomain => "domain",
        TopologyNodeKind.Dom0 => "dom0",
        TopologyNodeKind.Bridge => "bridge",
        _ => "guest",
    };

    private void StartGroup(string? state, string? tip)
    {
        Start("g");
        if (state is not null)
        {
            Attribute("class", state);
        }

        if (tip is not null)
        {
            Start("title");
            End(tip);
        }
    }

    private void WritePath(string style, string path)
    {
        Start("path");
        Attribute("class", style);
        Attribute("d", path);
        _svg.WriteEndElement();
    }

    private void Rectangle(string style, SvgBox box, double radius)
    {
        Start("rect");
        Attribute("class", style);
        Attribute("x", box.X);
        Attribute("y", box.Y);
        Attribute("width", box.Width);
        Attribute("height", box.Height);
        if (radius > 0)
        {
            Attribute("rx", radius);
        }

        _svg.WriteEndElement();
    }

    private void WriteText(string style, double x, double y, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        Start("text");
        if (style.Length > 0)
        {
            Attribute("class", style);
        }

        Attribute("x", x);
        Attribute("y", y);
        End(text);
    }

    private void Start(string name) => _svg.WriteStartElement(name, Namespace);

    private void End(string text)
    {
        _svg.WriteString(text);
        _svg.WriteEndElement();
    }

    private void Attribute(string name, string value) => _svg.WriteAttributeString(name, value);

    private void Attribute(string name, double value) => Attribute(name, Invariant($"{value:0.#}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
