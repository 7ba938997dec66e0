namespace XenDriverDomain.Topology.Svg;

/// <summary>A node and its place.</summary>
/// <param name="Node">The node.</param>
/// <param name="Box">Where it is.</param>
/// <param name="Name">Its name, cut to what fits.</param>
/// <param name="Detail">Its detail, cut to what fits.</param>
/// <param name="IsOneLine">True when the detail stands behind the name, false when it stands below.</param>
internal sealed record SvgNode(TopologyNode Node, SvgBox Box, string Name, string Detail, bool IsOneLine);
