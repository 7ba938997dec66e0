using System.Globalization;
using System.Text;

namespace XenDriverDomain.Topology.Writers;

/// <summary>
/// Writes Graphviz DOT (https://graphviz.org/doc/info/lang.html). Every text is a quoted string; backslashes, quotes and the
/// ampersands of HTML entities, which Graphviz would interpret, are escaped.
/// </summary>
internal static class DotWriter
{
    public static string Write(IReadOnlyList<DriverDomainTopology> topologies)
    {
        StringBuilder text = new();
        text.Append(
            """
            digraph topology {
              graph [rankdir=LR, newrank=true, fontname="sans-serif", nodesep=0.25, ranksep=1.2, tooltip="Driver domains"];
              node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#6e7781", fontname="sans-serif", fontsize=11];
              edge [fontname="sans-serif", fontsize=9];

            """);
        int number = 0;
        for (int host = 0; host < topologies.Count; host++)
        {
            number = WriteHost(text, topologies[host], host, number);
        }

        return text.Append("}\n").ToString();
    }

    private static int WriteHost(StringBuilder text, DriverDomainTopology topology, int host, int number)
    {
        text.Append(CultureInfo.InvariantCulture, $"  subgraph cluster_{host} {{\n");
        text.Append(CultureInfo.InvariantCulture, $"    label={Quote(TopologyWords.Title(topology))};\n");
        text.Append("    labeljust=l; color=\"#afb8c1\"; style=rounded;\n");
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach (IGrouping<int, TopologyNode> column in topology.Nodes.GroupBy(n => ColumnOf(n.Kind)).OrderBy(g => g.Key))
        {
            text.Append("    { rank=same;\n");
            foreach (TopologyNode node in column)
            {
                numbers[node.Id] = number;
                text.Append(CultureInfo.InvariantCulture, $"      n{number++} [label={LabelOf(node)}{StyleOf(node)}{TooltipOf(node)}];\n");
            }

            text.Append("    }\n");
        }

        foreach (TopologyLink link in topology.Links.Where(l => numbers.ContainsKey(l.From) && numbers.ContainsKey(l.To)))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"    n{numbers[link.From]} -> n{numbers[link.To]} [label={Quote(TopologyWords.Label(link))}, {StyleOf(link.State)}, "
                    + $"tooltip={Quote(TopologyWords.Describe(link))}];\n");
        }

        text.Append("  }\n");
        return number;
    }

    private static int ColumnOf(TopologyNodeKind kind) =>
        (int)(kind == TopologyNodeKind.Dom0 ? TopologyNodeKind.DriverDomain : kind);

    private static string LabelOf(TopologyNode node)
    {
        string name = Escape(TopologyWords.Line(node.Name));
        return node.Detail.Length == 0 ? $"\"{name}\"" : $"\"{name}\\n{Escape(TopologyWords.Line(node.Detail))}\"";
    }

    // Without one, Graphviz shows the label.
    private static string TooltipOf(TopologyNode node) =>
        node.Members.Count == 0 ? string.Empty : $", peripheries=2, tooltip={Quote(TopologyWords.Describe(node))}";

    private static string StyleOf(TopologyNode node) =>
        (node.Kind switch
        {
            TopologyNodeKind.Device => ", shape=component",
            TopologyNodeKind.DriverDomain or TopologyNodeKind.Dom0 => ", penwidth=2",
            TopologyNodeKind.Bridge => ", shape=hexagon, style=filled",
            _ => string.Empty,
        })
        + (node.Exists ? string.Empty : ", style=dashed, fontcolor=\"#6e7781\"");

    private static string StyleOf(TopologyLinkState state) => state switch
    {
        TopologyLinkState.Healthy => "style=solid, arrowhead=normal, color=\"#1a7f37\"",
        TopologyLinkState.Waiting => "style=dashed, arrowhead=empty, color=\"#9a6700\"",
        _ => "style=dotted, penwidth=2, arrowhead=tee, color=\"#cf222e\", fontcolor=\"#cf222e\"",
    };

    private static string Quote(string text) => $"\"{Escape(text)}\"";

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("&", "&amp;", StringComparison.Ordinal);
}
