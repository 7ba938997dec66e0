namespace XenDriverDomain.Topology.Svg;

/// <summary>A row of a band: a guest beside the bridge that serves it, or a lane for a link that passes by.</summary>
/// <param name="Bridge">The bridge that the row belongs to; null when none stands in it.</param>
/// <param name="Guest">The guest; null when none stands in it.</param>
/// <param name="Lane">A link that passes where bridges would stand, at this row's height; null when there is none.</param>
internal sealed record SvgRow(TopologyNode? Bridge, TopologyNode? Guest, TopologyLink? Lane);
