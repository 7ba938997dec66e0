using System.Globalization;
using System.Xml;

namespace XenDriverDomain.Topology.Svg;

/// <summary>The marker of a link's state: a disc with a tick, a hollow diamond with dots, a square with a cross.</summary>
internal static class SvgMarker
{
    /// <summary>Draws the marker around a point; colours come from the group around it, whose class is the state.</summary>
    public static void Write(XmlWriter svg, TopologyLinkState state, double x, double y)
    {
        svg.WriteStartElement("path");
        svg.WriteAttributeString("class", "sign");
        svg.WriteAttributeString("d", At(x, y) + state switch
        {
            TopologyLinkState.Healthy => "m-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0z",
            TopologyLinkState.Waiting => "m0 -8l8 8l-8 8l-8 -8z",
            _ => "m-7 -7h14v14h-14z",
        });
        svg.WriteEndElement();
        svg.WriteStartElement("path");
        svg.WriteAttributeString("class", "glyph");
        svg.WriteAttributeString("d", At(x, y) + state switch
        {
            TopologyLinkState.Healthy => "m-3 0l2 2.5l4 -5",
            TopologyLinkState.Waiting => "m-3 0h.01m3 0h.01m3 0h.01",
            _ => "m-3 -3l6 6m0 -6l-6 6",
        });
        svg.WriteEndElement();
    }

    private static string At(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}");
}
