namespace XenDriverDomain.Topology.Svg;

/// <summary>
/// A link and its way: straight, where both ends are at one height, else over a track that runs down between two columns.
/// </summary>
/// <param name="Link">The link.</param>
/// <param name="StartX">Where it leaves its node.</param>
/// <param name="StartY">The height at which it leaves.</param>
/// <param name="TrackX">The track on which it changes its height.</param>
/// <param name="EndX">Where it reaches the other node.</param>
/// <param name="EndY">The height at which it does.</param>
internal sealed record SvgLink(TopologyLink Link, double StartX, double StartY, double TrackX, double EndX, double EndY)
{
    /// <summary>A difference of heights that is none.</summary>
    public const double Straight = 1;

    private const double LargestRadius = 7;

    /// <summary>The way as the d attribute of a path.</summary>
    public string Path
    {
        get
        {
            double height = EndY - StartY;
            if (Math.Abs(height) < Straight)
            {
                return FormattableString.Invariant($"M{StartX:0.#} {StartY:0.#}H{EndX:0.#}");
            }

            double radius = Math.Min(LargestRadius, Math.Abs(height) / 2);
            double turn = Math.CopySign(radius, height);
            return FormattableString.Invariant(
                $"M{StartX:0.#} {StartY:0.#}H{TrackX - radius:0.#}Q{TrackX:0.#} {StartY:0.#} {TrackX:0.#} {StartY + turn:0.#}")
                + FormattableString.Invariant(
                    $"V{EndY - turn:0.#}Q{TrackX:0.#} {EndY:0.#} {TrackX + radius:0.#} {EndY:0.#}H{EndX:0.#}");
        }
    }
}
