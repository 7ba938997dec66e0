namespace XenDriverDomain.Topology.Svg;

/// <summary>A rectangle in pixels.</summary>
internal readonly record struct SvgBox(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;
}
