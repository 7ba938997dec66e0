using System.Globalization;
using System.Text;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Syntax;

/// <summary>String literals of Python 2: both quotes, triple, the prefixes r, u and b, and their escapes.</summary>
internal static class XmStringLiteral
{
    public static bool IsPrefix(string word) => word.ToUpperInvariant() is "R" or "U" or "B" or "UR" or "BR";

    /// <param name="source">The file.</param>
    /// <param name="start">Where the prefix begins.</param>
    /// <param name="quote">Where the first quote is.</param>
    public static (PyString Value, int End) Read(XmSource source, int start, int quote)
    {
        string text = source.Text;
        char mark = text[quote];
        bool isTriple = quote + 2 < text.Length && text[quote + 1] == mark && text[quote + 2] == mark;
        string close = new(mark, isTriple ? 3 : 1);
        int first = quote + close.Length;
        int end = first;
        while (true)
        {
            if (end >= text.Length || (!isTriple && text[end] == '\n'))
            {
                throw source.SyntaxError(
                    start, "a string is not closed", isTriple ? $"Close it with {close}." : $"Close it with {close} on its line.");
            }

            if (text[end] == '\\')
            {
                end += 2;
            }
            else if (string.CompareOrdinal(text, end, close, 0, close.Length) == 0)
            {
                break;
            }
            else
            {
                end++;
            }
        }

        ReadOnlySpan<char> prefix = text.AsSpan(start, quote - start);
        bool isUnicode = prefix.ContainsAny('u', 'U');
        bool isRaw = prefix.ContainsAny('r', 'R');
        string value = text[first..end];
        if (isUnicode)
        {
            value = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value));
        }

        if (!isRaw && value.Contains('\\', StringComparison.Ordinal))
        {
            value = Unescape(source, start, value, isUnicode);
        }

        return (new PyString(value, isUnicode, start), end + close.Length);
    }

    private static string Unescape(XmSource source, int start, string raw, bool isUnicode)
    {
        StringBuilder value = new(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                value.Append(raw[i]);
                continue;
            }

            char escaped = raw[++i];
            switch (escaped)
            {
                case '\n':
                    break;
                case '\\' or '\'' or '"':
                    value.Append(escaped);
                    break;
                case 'a':
                    value.Append('\a');
                    break;
                case 'b':
                    value.Append('\b');
                    break;
                case 'f':
                    value.Append('\f');
                    break;
                case 'n':
                    value.Append('\n');
                    break;
                case 'r':
                    value.Append('\r');
                    break;
                case 't':
                    value.Append('\t');
                    break;
                case 'v':
                    value.Append('\v');
                    break;
                case >= '0' and <= '7':
                    int octal = 0;
                    int stop = Math.Min(i + 3, raw.Length);
                    for (; i < stop && raw[i] is >= '0' and <= '7'; i++)
                    {
                        octal = (octal * 8) + raw[i] - '0';
                    }

                    value.Append((char)(isUnicode ? octal : octal & 0xFF));
                    i--;
                    break;
                case 'x':
                    value.Append((char)Hex(source, start, raw, ref i, 2));
                    break;
                case 'u' when isUnicode:
                    value.Append((char)Hex(source, start, raw, ref i, 4));
                    break;
                case 'U' or 'N' when isUnicode:
                    throw source.Unsupported(start, $"the escape \\{escaped}");
                default:
                    value.Append('\\').Append(escaped);
                    break;
            }
        }

        return value.ToString();
    }

    private static int Hex(XmSource source, int start, string raw, ref int i, int digits)
    {
        if (i + digits >= raw.Length
            || !int.TryParse(raw.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
        {
            throw source.SyntaxError(
                start, $"\\{raw[i]} in a string is not followed by {digits} hexadecimal digits", "Write a backslash as \\\\.");
        }

        i += digits;
        return code;
    }
}
