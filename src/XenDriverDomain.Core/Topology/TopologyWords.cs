using System.Globalization;
using System.Text;
using Text = XenDriverDomain.Terminal.Text;

namespace XenDriverDomain.Topology;

/// <summary>What all writers say in the same words.</summary>
internal static class TopologyWords
{
    /// <summary>The most characters of a name or detail in a picture; the rest shows as an ellipsis.</summary>
    public const int LongestLine = 60;

    private const int LongestName = 128;
    private const int LongestParagraph = 512;

    // Marks stack up on the character before; more than two would grow into the lines above and below.
    private const int MostMarks = 2;

    /// <summary>The heading of a host.</summary>
    public static string Title(DriverDomainTopology topology) => $"Driver domains of {Line(topology.Dom0)}";

    /// <summary>What there is and how it does, in one line.</summary>
    public static string Summary(DriverDomainTopology topology) => string.Join(", ",
        Count(topology.Count(TopologyNodeKind.Device), "device"),
        Count(topology.Nodes.Count(n => n is { Kind: TopologyNodeKind.DriverDomain, Exists: true }), "driver domain"),
        Count(topology.Count(TopologyNodeKind.Bridge), "bridge"),
        Count(topology.Count(TopologyNodeKind.Guest), "guest"))
        + $". Of the links {topology.Count(TopologyLinkState.Healthy)} are healthy, {topology.Count(TopologyLinkState.Waiting)} waiting, "
        + $"{topology.Count(TopologyLinkState.Broken)} broken."
        + Folded(topology);

    /// <summary>The word beside a link; a state other than healthy is said.</summary>
    public static string Label(TopologyLink link) =>
        link.State == TopologyLinkState.Healthy ? Line(link.Label) : $"{Line(link.Label)}: {Word(link.State)}";

    /// <summary>What to say about a link, and what is the case with it.</summary>
    public static string Reason(TopologyLink link) =>
        $"{Line(link.FromName)} to {Line(link.ToName)}, {Line(link.Label)}: {Word(link.State)}. {Paragraph(link.Detail)}".TrimEnd();

    /// <summary>What to say about a link in full, with what can be done about it.</summary>
    public static string Describe(TopologyLink link) => $"{Reason(link)} {Paragraph(link.Remedy)}".TrimEnd();

    /// <summary>What to say about a node in full; of equal guests that stand as one, all names.</summary>
    public static string Describe(TopologyNode node) => node.Members.Count == 0
        ? $"{Line(node.Name)}: {Line(node.Detail)}".TrimEnd(' ', ':')
        : $"{node.Members.Count} equal guests, {Line(node.Detail)}: ".Replace(", :", ":", StringComparison.Ordinal)
            + string.Join(", ", node.Members.Select(m => Name(m.Name)));

    /// <summary>How many equal guests stand as one; empty when none do.</summary>
    public static string Folded(DriverDomainTopology topology)
    {
        TopologyNode[] groups = [.. topology.Nodes.Where(n => n.Members.Count > 0)];
        string boxes = groups.Length == 1 ? "one box" : $"{groups.Length} boxes";
        return groups.Length == 0 ? string.Empty : $" {groups.Sum(g => g.Members.Count)} equal guests are drawn as {boxes}.";
    }

    /// <summary>A state as a word in a sentence.</summary>
    public static string Word(TopologyLinkState state) => state switch
    {
        TopologyLinkState.Healthy => "healthy",
        TopologyLinkState.Waiting => "waiting",
        _ => "broken",
    };

    /// <summary>Text that fits into a line. Deserialised topologies may hold anything, so nothing is taken as it is.</summary>
    public static string Line(string text) => Show(text, LongestLine);

    /// <summary>A name in full: as much of it as a topology that was read from a host holds.</summary>
    public static string Name(string text) => Show(text, LongestName);

    /// <summary>Text of a few sentences.</summary>
    public static string Paragraph(string text) => Show(text, LongestParagraph);

    private static string Show(string text, int limit)
    {
        StringBuilder calm = new();
        int marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            marks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks <= MostMarks)
            {
                calm.Append(rune);
            }
        }

        return Text.Show(calm.ToString(), limit);
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
