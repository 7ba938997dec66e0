using System.Globalization;
using System.Text;

namespace XenDriverDomain.Terminal;

/// <summary>Makes text that came from outside (a guest, a file name, a user's typo) fit to be shown.</summary>
public static class Text
{
    /// <summary>The most characters of a foreign text that are shown.</summary>
    public const int DefaultLimit = 256;

    /// <summary>
    /// The text with every control, format, surrogate and private-use character written as <c>\u{…}</c>, and cut (with an
    /// ellipsis) at <paramref name="limit"/> characters: nothing in it can move a cursor, colour a line or hide another text.
    /// </summary>
    public static string Show(string? text, int limit = DefaultLimit)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        StringBuilder shown = new(Math.Min(text.Length, limit));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length >= limit)
            {
                shown.Append('…');
                break;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator || rune == Rune.ReplacementChar)
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
            else
            {
                shown.Append(rune);
            }
        }

        return shown.ToString();
    }
}
