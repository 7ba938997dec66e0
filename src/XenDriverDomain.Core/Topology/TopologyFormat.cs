namespace XenDriverDomain.Topology;

/// <summary>What a topology can be written as.</summary>
public enum TopologyFormat
{
    /// <summary>A Mermaid flowchart, for Markdown pages that draw such (.mmd, .mermaid).</summary>
    Mermaid,

    /// <summary>A Graphviz graph (.dot, .gv).</summary>
    Dot,

    /// <summary>A picture that needs nothing else (.svg).</summary>
    Svg,

    /// <summary>A page with the picture and tables of all details, in one file that needs nothing else (.html, .htm).</summary>
    Html,
}
