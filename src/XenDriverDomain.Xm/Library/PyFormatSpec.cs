using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>[[fill]align][sign][#][0][width][,][.precision][type]; -1 and NUL for what is not there.</summary>
internal readonly record struct PyFormatSpec(
    char Fill, char Align, char Sign, bool IsAlternate, int Width, bool HasCommas, int Precision, char Type)
{
    public static PyFormatSpec Parse(string text)
    {
        int i = 0;
        char fill = ' ';
        char align = '\0';
        if (text.Length > 1 && text[1] is '<' or '>' or '^' or '=')
        {
            (fill, align, i) = (text[0], text[1], 2);
        }
        else if (text.Length > 0 && text[0] is '<' or '>' or '^' or '=')
        {
            (align, i) = (text[0], 1);
        }

        char sign = i < text.Length && text[i] is '+' or '-' or ' ' ? text[i++] : '\0';
        bool isAlternate = i < text.Length && text[i] == '#';
        i += isAlternate ? 1 : 0;
        if (align == '\0' && i < text.Length && text[i] == '0')
        {
            (fill, align) = ('0', '=');
            i++;
        }

        int width = Number(text, ref i);
        bool hasCommas = i < text.Length && text[i] == ',';
        i += hasCommas ? 1 : 0;
        int precision = -1;
        if (i < text.Length && text[i] == '.')
        {
            i++;
            precision = Number(text, ref i);
            if (precision < 0)
            {
                throw PyRaise.ValueError("Format specifier missing precision");
            }
        }

        char type = i < text.Length ? text[i++] : '\0';
        return i < text.Length
            ? throw PyRaise.ValueError("Invalid conversion specification")
            : new PyFormatSpec(fill, align, sign, isAlternate, width, hasCommas, precision, type);
    }

    private static int Number(string text, ref int i)
    {
        int number = -1;
        for (; i < text.Length && char.IsAsciiDigit(text[i]); i++)
        {
            number = Math.Min((Math.Max(number, 0) * 10) + text[i] - '0', 1_000_000);
        }

        return number;
    }
}
