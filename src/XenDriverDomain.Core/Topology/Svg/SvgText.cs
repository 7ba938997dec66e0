using System.Globalization;
using System.Text;

namespace XenDriverDomain.Topology.Svg;

/// <summary>
/// How wide text is. Nothing here has fonts, so names are set in a monospaced one, whose advance is known (0.6 em), and all else is
/// estimated on the safe side. Wide East Asian characters count double.
/// </summary>
internal static class SvgText
{
    /// <summary>The width of a character of a name, at 13 px.</summary>
    public const double NameCell = 7.9;

    /// <summary>The width of a character of a detail or label, at 11 px, on average.</summary>
    public const double SmallCell = 6.2;

    /// <summary>The same in bold.</summary>
    public const double BoldCell = 7;

    /// <summary>The text as it fits into a number of cells, with an ellipsis where it does not.</summary>
    public static string Fit(string text, int cells)
    {
        StringBuilder fitting = new();
        int used = 0;
        foreach (Rune rune in TopologyWords.Paragraph(text).EnumerateRunes())
        {
            int width = Cells(rune);
            if (used + width > cells)
            {
                // The last one goes, to make room for the ellipsis.
                while (fitting.Length > 0 && used + 1 > cells)
                {
                    Rune.DecodeLastFromUtf16(fitting.ToString(), out Rune last, out int length);
                    fitting.Length -= length;
                    used -= Cells(last);
                }

                return fitting.ToString().TrimEnd() + "…";
            }

            fitting.Append(rune);
            used += width;
        }

        return fitting.ToString();
    }

    /// <summary>The width of the label of a link, which is bold unless the link is healthy.</summary>
    public static double LabelWidth(TopologyLink link) =>
        Cells(TopologyWords.Label(link)) * (link.State == TopologyLinkState.Healthy ? SmallCell : BoldCell);

    /// <summary>How many cells a text takes.</summary>
    public static int Cells(string text) => text.EnumerateRunes().Sum(Cells);

    private static int Cells(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    // The blocks of Unicode's EastAsianWidth W and F, in the coarse; emoji too.
    private static bool IsWide(int value) =>
        value is (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff)
            or (>= 0xfe30 and <= 0xfe6f) or (>= 0xff00 and <= 0xff60) or (>= 0xffe0 and <= 0xffe6) or (>= 0x1f000 and <= 0x3fffd);
}
