using System.Diagnostics.CodeAnalysis;
using XenDriverDomain.Topology.Html;
using XenDriverDomain.Topology.Svg;

namespace XenDriverDomain.Topology.Writers;

/// <summary>
/// Topologies as text, in one of the formats. The same topologies always make the same text. In all of them equal guests stand as one,
/// see <see cref="EqualGuests"/>.
/// </summary>
public static class TopologyDocument
{
    /// <summary>Writes one or more hosts into one document.</summary>
    /// <param name="topologies">The hosts, in the order in which they are to appear.</param>
    /// <param name="format">The format.</param>
    public static string Write(IReadOnlyList<DriverDomainTopology> topologies, TopologyFormat format)
    {
        ArgumentNullException.ThrowIfNull(topologies);
        DriverDomainTopology[] drawn = [.. topologies.Select(EqualGuests.Fold)];
        return format switch
        {
            TopologyFormat.Mermaid => MermaidWriter.Write(drawn),
            TopologyFormat.Dot => DotWriter.Write(drawn),
            TopologyFormat.Svg => SvgWriter.Write(drawn),
            TopologyFormat.Html => HtmlWriter.Write(drawn),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    /// <summary>The format that the extension of a file's name stands for.</summary>
    public static bool TryGetFormat(string path, [NotNullWhen(true)] out TopologyFormat? format)
    {
        format = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".MMD" or ".MERMAID" => TopologyFormat.Mermaid,
            ".DOT" or ".GV" => TopologyFormat.Dot,
            ".SVG" => TopologyFormat.Svg,
            ".HTML" or ".HTM" => TopologyFormat.Html,
            _ => null,
        };
        return format is not null;
    }
}
