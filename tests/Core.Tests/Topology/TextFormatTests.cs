using System.Text.RegularExpressions;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Writers;

namespace XenDriverDomain.Tests.Topology;

/// <summary>Mermaid and DOT by the rules of their grammars, whatever the names are.</summary>
public partial class TextFormatTests
{
    internal static readonly IReadOnlyList<DriverDomainTopology>[] Documents =
    [
        [SampleTopologies.Readme],
        [SampleTopologies.WithHostileNames],
        [SampleTopologies.Readme, SampleTopologies.WithHostileNames],
        [new TopologyHost().Topology],
        [SampleTopologies.WithGuests(50)],
        [SampleTopologies.Unshown(SampleTopologies.HostileNames)],
    ];

    [Fact]
    public void Mermaid_has_only_statements_of_ours_with_quoted_labels()
    {
        Assert.All(Documents, document => Assert.All(
            Lines(document, TopologyFormat.Mermaid), line => Assert.Matches(MermaidLine(), line)));
    }

    [Fact]
    public void Dot_has_only_statements_of_ours_with_quoted_strings()
    {
        Assert.All(Documents, document => Assert.All(Lines(document, TopologyFormat.Dot), line => Assert.Matches(DotLine(), line)));
    }

    [Theory]
    [InlineData(TopologyFormat.Mermaid)]
    [InlineData(TopologyFormat.Dot)]
    public void Every_node_and_link_is_there_once_and_blocks_are_closed(TopologyFormat format)
    {
        Assert.All(Documents, document =>
        {
            string[] lines = Lines(document, format);
            Assert.Equal(document.Sum(t => EqualGuests.Fold(t).Nodes.Count), lines.Count(l => Regex.IsMatch(l, @"^\s+n\d+\s*[\[({]")));
            Assert.Equal(document.Sum(t => EqualGuests.Fold(t).Links.Count), lines.Count(l => Regex.IsMatch(l, @"^\s+n\d+ -")));
            Assert.Equal(document.Count, lines.Count(l => l.TrimStart().StartsWith("subgraph ", StringComparison.Ordinal)));
        });
    }

    [Fact]
    public void States_differ_by_line_and_arrow_and_word()
    {
        string mermaid = TopologyDocument.Write([SampleTopologies.Readme], TopologyFormat.Mermaid);
        Assert.Matches(@"-->\|""vif 0""\|", mermaid);
        Assert.Matches(@"-\.->\|""vif 0: waiting""\|", mermaid);
        Assert.Matches(@"--x\|""vif 0: broken""\|", mermaid);

        string dot = TopologyDocument.Write([SampleTopologies.Readme], TopologyFormat.Dot);
        Assert.Contains("[label=\"vif 0\", style=solid, arrowhead=normal", dot, StringComparison.Ordinal);
        Assert.Contains("[label=\"vif 0: waiting\", style=dashed, arrowhead=empty", dot, StringComparison.Ordinal);
        Assert.Contains("[label=\"vif 0: broken\", style=dotted, penwidth=2, arrowhead=tee", dot, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TopologyFormat.Mermaid)]
    [InlineData(TopologyFormat.Dot)]
    public void Guests_that_stand_as_one_are_named(TopologyFormat format)
    {
        DriverDomainTopology topology = SampleTopologies.WithGuests(500);

        string text = TopologyDocument.Write([topology], format);

        Assert.InRange(text.Split('\n').Length, 10, 150);
        Assert.All(topology.Nodes.Where(n => n.Kind == TopologyNodeKind.Guest), n => Assert.Matches($@"\b{n.Name}\b", text));
    }

    [Theory]
    [InlineData(TopologyFormat.Mermaid)]
    [InlineData(TopologyFormat.Dot)]
    [InlineData(TopologyFormat.Svg)]
    [InlineData(TopologyFormat.Html)]
    public void No_control_character_and_no_endless_name_gets_through(TopologyFormat format)
    {
        string text = TopologyDocument.Write([SampleTopologies.WithHostileNames], format);

        Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        Assert.DoesNotContain(new string('w', 200), text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u0341\u0341\u0341", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.svg", TopologyFormat.Svg)]
    [InlineData("/b/A.GV", TopologyFormat.Dot)]
    [InlineData("c.dot", TopologyFormat.Dot)]
    [InlineData("d.x.mmd", TopologyFormat.Mermaid)]
    [InlineData("e.mermaid", TopologyFormat.Mermaid)]
    [InlineData("g.html", TopologyFormat.Html)]
    [InlineData("h.HTM", TopologyFormat.Html)]
    [InlineData("svg", null)]
    [InlineData("f.png", null)]
    public void The_extension_stands_for_the_format(string path, TopologyFormat? expected)
    {
        Assert.Equal(expected is not null, TopologyDocument.TryGetFormat(path, out TopologyFormat? format));
        Assert.Equal(expected, format);
    }

    private static string[] Lines(IReadOnlyList<DriverDomainTopology> document, TopologyFormat format) =>
        TopologyDocument.Write(document, format).TrimEnd('\n').Split('\n');

    // A label: letters and digits of any script, harmless characters, entity codes, our own line break; never a quote or bracket.
    [GeneratedRegex(
        """
        ^(flowchart\ LR
        |\ \ accTitle:\ [\w\ ]+
        |\ \ accDescr:\ [\w\ ,.]*
        |\ \ subgraph\ h\d+\["([\p{L}\p{N}\ .,:/\-_()]|\#\d+;|<br/>)+"\]
        |\ \ \ \ direction\ LR
        |\ \ \ \ n\d+(\[\["([\p{L}\p{N}\ .,:/\-_()]|\#\d+;|<br/>)+"\]\]|\{\{"([\p{L}\p{N}\ .,:/\-_()]|\#\d+;|<br/>)+"\}\}|\("([\p{L}\p{N}\ .,:/\-_()]|\#\d+;|<br/>)+"\)|\["([\p{L}\p{N}\ .,:/\-_()]|\#\d+;|<br/>)+"\]|\(\["([\p{L}\p{N}\ .,:/\-_()]|\#\d+;|<br/>)+"\]\))(:::(domain|gone))?
        |\ \ \ \ %%\ n\d+\ is\ ([\p{L}\p{N}\ .,:/\-_()]|\#\d+;)+
        |\ \ \ \ n\d+\ (-->|-\.->|--x)\|"([\p{L}\p{N}\ .,:/\-_()]|\#\d+;|<br/>)+"\|\ n\d+
        |\ \ end
        |\ \ linkStyle\ \d+(,\d+)*\ [\w:\#,\ -]+
        |\ \ classDef\ (domain|gone)\ [\w:\ -]+)$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex MermaidLine();

    [GeneratedRegex(
        """
        ^(digraph\ topology\ \{
        |\ \ (graph|node|edge)\ \[[\w=,."\#\ -]+\];
        |\ \ subgraph\ cluster_\d+\ \{
        |\ \ \ \ label="([^"\\]|\\.)*";
        |\ \ \ \ labeljust=l;\ color="\#\w+";\ style=rounded;
        |\ \ \ \ \{\ rank=same;
        |\ \ \ \ \ \ n\d+\ \[label="([^"\\&]|\\.|&amp;)*"(,\ \w+=(\w+|"\#\w+"))*(,\ tooltip="([^"\\&]|\\.|&amp;)*")?\];
        |\ \ \ \ n\d+\ ->\ n\d+\ \[label="([^"\\&]|\\.|&amp;)*"(,\ \w+=(\w+|"\#\w+"))*,\ tooltip="([^"\\&]|\\.|&amp;)*"\];
        |\ {0,4}\})$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex DotLine();
}
