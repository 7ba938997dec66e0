namespace XenDriverDomain.Topology.Svg;

/// <summary>
/// What belongs to one domain: its devices to the left, its bridges and their guests to the right, one row each. With bands and
/// rows nearly every link is a straight line, however many there are.
/// </summary>
/// <param name="Domain">The domain; null for what has none.</param>
/// <param name="Devices">The devices, stacked from the top.</param>
/// <param name="Rows">The rows, rows of one bridge together.</param>
internal sealed record SvgBand(TopologyNode? Domain, IReadOnlyList<TopologyNode> Devices, IReadOnlyList<SvgRow> Rows);
