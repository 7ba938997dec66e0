using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Svg;
using XenDriverDomain.Topology.Writers;

namespace XenDriverDomain.Tests.Topology;

public partial class SvgTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static TheoryData<int> GuestCounts => [0, 1, 5, 16, 17, 50, 300];

    [Fact]
    public void It_is_XML_that_refers_to_nothing_outside_and_has_no_script()
    {
        Assert.All(TextFormatTests.Documents, document =>
        {
            string text = TopologyDocument.Write(document, TopologyFormat.Svg);
            XElement svg = XElement.Parse(text);
            string[] known = ["svg", "title", "desc", "style", "g", "rect", "path", "text"];
            Assert.Empty(svg.DescendantsAndSelf().Select(e => e.Name).Except(known.Select(n => s_svg + n)));
            Assert.DoesNotContain(
                svg.DescendantsAndSelf().Attributes(),
                a => a.Name.LocalName is "href" or "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
            Assert.DoesNotMatch(@"url\(|@import|@font-face", text);
        });
    }

    [Fact]
    public void It_has_a_title_and_says_in_words_what_it_shows()
    {
        XElement svg = Draw(SampleTopologies.Readme);

        Assert.Equal(("img", "title desc"), ((string?)svg.Attribute("role"), (string?)svg.Attribute("aria-labelledby")));
        Assert.Equal("Driver domains of root@xen1.example.net:22", Named(svg, "title"));
        Assert.Contains("3 driver domains", Named(svg, "desc"), StringComparison.Ordinal);
        Assert.Contains("domid 2 to web2, vif 1: broken. Its back-end domain", Named(svg, "desc"), StringComparison.Ordinal);
    }

    [Fact]
    public void States_differ_by_line_and_marker_and_word()
    {
        XElement svg = Draw(SampleTopologies.Readme);
        string style = svg.Element(s_svg + "style")!.Value;
        Assert.Matches(@"\.waiting \.line \{ stroke-dasharray", style);
        Assert.Matches(@"\.broken \.line \{[^}]*stroke-dasharray", style);
        var signs =
            from g in svg.Elements(s_svg + "g")
            let sign = g.Elements(s_svg + "path").FirstOrDefault(p => (string?)p.Attribute("class") == "sign")
            let label = g.Elements(s_svg + "text")
                .FirstOrDefault(t => ((string?)t.Attribute("class"))?.StartsWith("label end", StringComparison.Ordinal) == true)
            where sign is not null && label is not null
            select (State: (string)g.Attribute("class")!, Shape: Number().Replace((string)sign.Attribute("d")!, "#", 2), Word: label.Value);
        Assert.Equal(SampleTopologies.Readme.Links.Count, signs.Count());
        Assert.Equal(3, signs.Select(s => s.Shape).Distinct().Count());
        Assert.All(signs.GroupBy(s => s.State), state => Assert.Single(state.Select(s => s.Shape).Distinct()));
        Assert.All(signs, s => Assert.Equal(s.State != "healthy", s.Word.EndsWith(s.State, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_dark_display_changes_every_colour_rule()
    {
        string style = Draw(SampleTopologies.Readme).Element(s_svg + "style")!.Value;
        string[] parts = style.Split("@media (prefers-color-scheme: dark) {");
        IEnumerable<string> light = ColourRule().Matches(parts[0]).Select(m => m.Groups[1].Value.Trim()).Order(StringComparer.Ordinal);
        IEnumerable<string> dark = ColourRule().Matches(parts[1]).Select(m => m.Groups[1].Value.Trim()).Order(StringComparer.Ordinal);
        Assert.NotEmpty(light);
        Assert.Equal(light, dark);
    }

    [Theory]
    [MemberData(nameof(GuestCounts))]
    public void Nodes_do_not_overlap_and_lie_inside(int guests)
    {
        AssertTidy([SampleTopologies.WithGuests(guests)]);
    }

    [Fact]
    public void Several_hosts_and_hostile_names_do_not_overlap_either()
    {
        AssertTidy([SampleTopologies.Readme, SampleTopologies.WithHostileNames, SampleTopologies.WithGuests(5)]);
    }

    [Fact]
    public void Every_link_starts_and_ends_at_its_nodes()
    {
        DriverDomainTopology[] hosts = [SampleTopologies.Readme, SampleTopologies.WithGuests(50), WithDeviceOfGuest()];
        Assert.All(hosts, topology =>
        {
            SvgLayout layout = SvgLayout.Of(topology, new SvgColumns([topology], true), true, 0);
            Assert.Equal(topology.Links.Count, layout.Links.Count);
            Assert.All(layout.Links, link =>
            {
                SvgBox from = layout.Nodes.Single(n => n.Node.Id == link.Link.From).Box;
                SvgBox to = layout.Nodes.Single(n => n.Node.Id == link.Link.To).Box;
                Assert.Equal((from.Right, to.X), (link.StartX, link.EndX));
                Assert.InRange(link.StartY, from.Y, from.Bottom);
                Assert.InRange(link.EndY, to.Y, to.Bottom);
                Assert.InRange(link.TrackX, link.StartX, link.EndX);
            });
        });
    }

    [Fact]
    public void No_link_runs_through_a_node()
    {
        DriverDomainTopology[] hosts = [SampleTopologies.Readme, SampleTopologies.WithGuests(50), WithDeviceOfGuest()];
        Assert.All(hosts, topology =>
        {
            SvgLayout layout = SvgLayout.Of(topology, new SvgColumns([topology], true), true, 0);
            Assert.Empty(
                from link in layout.Links
                from node in layout.Nodes
                where node.Box.X > link.StartX && node.Box.Right < link.EndX && node.Box.Y <= link.StartY && link.StartY <= node.Box.Bottom
                select $"{link.Link} through {node.Node}");
        });
    }

    [Fact]
    public void Five_hundred_guests_are_a_picture_of_one_screen_and_every_name_is_in_it()
    {
        DriverDomainTopology topology = SampleTopologies.WithGuests(500);

        XElement svg = Draw(topology);

        Assert.InRange(Attribute(svg, "height"), 100, 1000);
        Assert.Contains(" equal guests are drawn as ", Named(svg, "desc"), StringComparison.Ordinal);
        string tips = string.Join('\n', svg.Descendants(s_svg + "title").Select(t => t.Value));
        Assert.All(
            topology.Nodes, n => Assert.Contains(n.Name.Split(' ')[0], tips, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("web1", 10, "web1")]
    [InlineData("a-long-name", 6, "a-lon…")]
    [InlineData("客户机客户机", 6, "客户…")]
    [InlineData("x\u001by", 10, "x\\u{1b}y")]
    public void Text_is_cut_to_its_cells(string text, int cells, string expected)
    {
        Assert.Equal(expected, SvgText.Fit(text, cells));
        Assert.True(SvgText.Cells(SvgText.Fit(text, cells)) <= cells);
    }

    private static DriverDomainTopology WithDeviceOfGuest() => new TopologyHost()
        .Device("0000:03:00.0", domid: 3, domain: "netdd").DriverDomain("netdd", 3, devices: "0000:03:00.0")
        .Device("0000:07:00.0", "Graphics", domid: 6, domain: "win").DriverDomain("win", 6, null, hasFile: false, devices: "0000:07:00.0")
        .Device("0000:08:00.0", "Sound", domid: 7, domain: "kiosk").Guest("kiosk", 7)
        .Vif("win", 6, 0, "netdd", 3).Vif("win", 6, 1, "netdd", 3, bridge: null).Topology;

    private static void AssertTidy(IReadOnlyList<DriverDomainTopology> hosts)
    {
        XElement svg = XElement.Parse(TopologyDocument.Write(hosts, TopologyFormat.Svg));
        double width = Attribute(svg, "width");
        double height = Attribute(svg, "height");
        SvgBox[] boxes =
        [
            .. svg.Descendants(s_svg + "rect").Where(r => ((string)r.Attribute("class")!).StartsWith("box", StringComparison.Ordinal))
                .Select(r => new SvgBox(Attribute(r, "x"), Attribute(r, "y"), Attribute(r, "width"), Attribute(r, "height"))),
        ];
        Assert.Equal(hosts.Sum(h => EqualGuests.Fold(h).Nodes.Count), boxes.Length);
        Assert.All(boxes, b => Assert.True(b is { X: > 0, Y: > 0, Height: > 0 } && b.Right < width && b.Bottom < height, b.ToString()));
        Assert.Empty(
            from i in Enumerable.Range(0, boxes.Length)
            from j in Enumerable.Range(i + 1, boxes.Length - i - 1)
            let a = boxes[i]
            let b = boxes[j]
            where a.X < b.Right && b.X < a.Right && a.Y < b.Bottom && b.Y < a.Bottom
            select $"{a} {b}");
    }

    private static XElement Draw(DriverDomainTopology topology) => XElement.Parse(TopologyDocument.Write([topology], TopologyFormat.Svg));

    private static string Named(XElement svg, string id) => svg.Elements().Single(e => (string?)e.Attribute("id") == id).Value;

    private static double Attribute(XElement element, string name) =>
        double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[\d.]+")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?m)^\s*([^{}@]+?)\s*\{[^}]*#[0-9a-f]{6}[^}]*\}")]
    private static partial Regex ColourRule();
}
