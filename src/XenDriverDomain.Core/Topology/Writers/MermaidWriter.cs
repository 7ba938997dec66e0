using System.Globalization;
using System.Text;

namespace XenDriverDomain.Topology.Writers;

/// <summary>
/// Writes a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). Names of nodes are numbers of our own, every label
/// is quoted, and in labels all but letters, digits and a few harmless characters is written as an entity code: Mermaid reads
/// Markdown and HTML there.
/// </summary>
internal static class MermaidWriter
{
    private const string Harmless = " .,:/-_()";

    public static string Write(IReadOnlyList<DriverDomainTopology> topologies)
    {
        StringBuilder text = new("flowchart LR\n");
        text.Append("  accTitle: Driver domains\n");
        text.Append(CultureInfo.InvariantCulture, $"  accDescr: {string.Join(' ', topologies.Select(TopologyWords.Summary))}\n");
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        List<TopologyLink> links = [];
        for (int host = 0; host < topologies.Count; host++)
        {
            WriteHost(text, topologies[host], host, numbers, links);
        }

        foreach (TopologyLinkState state in Enum.GetValues<TopologyLinkState>())
        {
            string which = string.Join(',', links.Select((link, i) => (link, i)).Where(x => x.link.State == state).Select(x => x.i));
            if (which.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"  linkStyle {which} {StyleOf(state)}\n");
            }
        }

        return text
            .Append("  classDef domain stroke-width:2px\n")
            .Append("  classDef gone stroke-dasharray:4 3\n")
            .ToString();
    }

    private static void WriteHost(
        StringBuilder text, DriverDomainTopology topology, int host, Dictionary<string, int> numbers, List<TopologyLink> links)
    {
        text.Append(CultureInfo.InvariantCulture, $"  subgraph h{host}[{Quote(TopologyWords.Title(topology))}]\n");
        text.Append("    direction LR\n");
        foreach (TopologyNode node in topology.Nodes)
        {
            int number = numbers.Count;
            numbers[Key(host, node.Id)] = number;
            text.Append(CultureInfo.InvariantCulture, $"    n{number}{Shape(node)}{ClassOf(node)}\n");
            if (node.Members.Count > 0)
            {
                // A flowchart has no tooltips; what stands as one is named in a comment.
                text.Append(CultureInfo.InvariantCulture, $"    %% n{number} is {Escape(TopologyWords.Describe(node))}\n");
            }
        }

        foreach (TopologyLink link in topology.Links)
        {
            if (numbers.TryGetValue(Key(host, link.From), out int from) && numbers.TryGetValue(Key(host, link.To), out int to))
            {
                links.Add(link);
                text.Append(CultureInfo.InvariantCulture, $"    n{from} {Arrow(link.State)}|{Quote(TopologyWords.Label(link))}| n{to}\n");
            }
        }

        text.Append("  end\n");
    }

    private static string Key(int host, string id) => string.Create(CultureInfo.InvariantCulture, $"{host}/{id}");

    private static string Shape(TopologyNode node)
    {
        string label = node.Detail.Length == 0
            ? Quote(TopologyWords.Line(node.Name))
            : $"\"{Escape(TopologyWords.Line(node.Name))}<br/>{Escape(TopologyWords.Line(node.Detail))}\"";
        return node.Kind switch
        {
            TopologyNodeKind.Device => $"[[{label}]]",
            TopologyNodeKind.Bridge => $"{{{{{label}}}}}",
            TopologyNodeKind.Guest when node.Members.Count > 0 => $"([{label}])",
            TopologyNodeKind.Guest => $"({label})",
            _ => $"[{label}]",
        };
    }

    private static string ClassOf(TopologyNode node) =>
        !node.Exists ? ":::gone"
        : node.Kind is TopologyNodeKind.DriverDomain or TopologyNodeKind.Dom0 ? ":::domain"
        : string.Empty;

    private static string Arrow(TopologyLinkState state) => state switch
    {
        TopologyLinkState.Healthy => "-->",
        TopologyLinkState.Waiting => "-.->",
        _ => "--x",
    };

    private static string StyleOf(TopologyLinkState state) => state switch
    {
        TopologyLinkState.Healthy => "stroke:#2da44e",
        TopologyLinkState.Waiting => "stroke:#bf8700,stroke-dasharray:6 4",
        _ => "stroke:#d1242f,stroke-width:3px,stroke-dasharray:2 4",
    };

    private static string Quote(string text) => $"\"{Escape(text)}\"";

    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || (rune.IsAscii && Harmless.Contains((char)rune.Value, StringComparison.Ordinal)))
            {
                escaped.Append(rune);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
            }
        }

        // Mermaid takes "style…:…#…;" for one of its statements wherever it stands, and drops the semicolon.
        return escaped.ToString() is var label
            && (label.Contains("style", StringComparison.Ordinal) || label.Contains("classDef", StringComparison.Ordinal))
            ? label.Replace(":", "#58;", StringComparison.Ordinal)
            : label;
    }
}
