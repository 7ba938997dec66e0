namespace XenDriverDomain.Topology.Svg;

/// <summary>
/// The style sheet of the picture. Colours stand in rules of their own, since not every program that draws SVG knows CSS
/// variables; those that do not know media queries draw the light picture. Everything that a colour tells, a shape, a line style
/// or a word tells too.
/// </summary>
internal static class SvgStyle
{
    public const string Sheet =
        """

            text { font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #1f2328; }
            .title { font-size: 18px; font-weight: 600; }
            .heading { font-size: 10px; font-weight: 600; letter-spacing: .06em; }
            .name { font: 600 13px ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; }
            .small, .heading { fill: #59636e; }
            .end { text-anchor: end; }
            .page { fill: #ffffff; }
            .band { fill: #f6f8fa; }
            .box, .stack { fill: #ffffff; stroke: #d1d9e0; }
            .gone { stroke-dasharray: 4 3; }
            .line { fill: none; stroke-width: 1.6; }
            .waiting .line { stroke-dasharray: 7 5; }
            .broken .line { stroke-width: 2.2; stroke-dasharray: 2 4; }
            .sign { stroke-width: 1.6; }
            .glyph { fill: none; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
            .waiting .label, .broken .label { font-weight: 600; }
            .healthy .line, .healthy .sign { stroke: #1a7f37; }
            .waiting .line, .waiting .sign, .waiting .glyph { stroke: #9a6700; }
            .broken .line, .broken .sign { stroke: #cf222e; }
            .healthy .sign { fill: #1a7f37; }
            .waiting .sign, .under { fill: #f6f8fa; }
            .broken .sign { fill: #cf222e; }
            .healthy .glyph, .broken .glyph { stroke: #ffffff; }
            .waiting .label { fill: #7d5400; }
            .broken .label { fill: #b31d28; }
            .device { fill: #0969da; }
            .domain { fill: #8250df; }
            .dom0 { fill: #bc4c00; }
            .bridge { fill: #1b7c83; }
            .guest { fill: #6e7781; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3; }
              .small, .heading { fill: #9198a1; }
              .page { fill: #0d1117; }
              .band { fill: #151b23; }
              .box, .stack { fill: #0d1117; stroke: #3d444d; }
              .healthy .line, .healthy .sign { stroke: #3fb950; }
              .waiting .line, .waiting .sign, .waiting .glyph { stroke: #d29922; }
              .broken .line, .broken .sign { stroke: #f85149; }
              .healthy .sign { fill: #3fb950; }
              .waiting .sign, .under { fill: #151b23; }
              .broken .sign { fill: #f85149; }
              .healthy .glyph, .broken .glyph { stroke: #0d1117; }
              .waiting .label { fill: #e3b341; }
              .broken .label { fill: #ff7b72; }
              .device { fill: #4493f8; }
              .domain { fill: #ab7df8; }
              .dom0 { fill: #f0883e; }
              .bridge { fill: #39c5cf; }
              .guest { fill: #9198a1; }
            }
          
        """;
}
