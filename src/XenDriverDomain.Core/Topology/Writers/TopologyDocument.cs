using System.Diagnostics.CodeAnalysis;
using XenDriverDomain.Topology.Svg;

namespace XenDriverDomain.Topology.Writers;

/// <summary>Topologies as text, in one of the formats. The same topologies always make the same text.</summary>
public static class TopologyDocument
{
    /// <summary>Writes one or more hosts into one document.</summary>
    /// <param name="topologies">The hosts, in the order in which they are to appear.</param>
    /// <param name="format">The format.</param>
    public static string Write(IReadOnlyList<DriverDomainTopology> topologies, TopologyFormat format)
    {
        ArgumentNullException.ThrowIfNull(topologies);
        return format switch
        {
            TopologyFormat.Mermaid => MermaidWriter.Write(topologies),
            TopologyFormat.Dot => DotWriter.Write(topologies),
            TopologyFormat.Svg => SvgWriter.Write(topologies),
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
            _ => null,
        };
        return format is not null;
    }
}
