using System.Globalization;
using System.Numerics;

namespace XenDriverDomain.Xm.Syntax;

/// <summary>Number literals of Python 2: decimal, 0x, 0o, 0b, old octal (0755), long (L), float.</summary>
internal static class XmNumberLiteral
{
    // Far above any real number; keeps the conversion, which is quadratic, cheap.
    private const int MaxDigits = 1000;

    public static (object Value, int End) Read(XmSource source, int start)
    {
        string text = source.Text;
        int end = start;
        char second = start + 1 < text.Length ? char.ToLowerInvariant(text[start + 1]) : '\0';
        object value;
        if (text[start] == '0' && second is 'x' or 'o' or 'b')
        {
            int radix = second switch { 'x' => 16, 'o' => 8, _ => 2 };
            end = start + 2;
            value = Digits(source, start, ref end, radix);
        }
        else
        {
            SkipDigits(text, ref end);
            if (end < text.Length && text[end] is '.' or 'e' or 'E' && IsFloat(text, end))
            {
                return Float(source, start, end);
            }

            bool isOctal = text[start] == '0' && end - start > 1;
            end = start;
            value = Digits(source, start, ref end, isOctal ? 8 : 10);
        }

        if (end < text.Length && text[end] is 'l' or 'L')
        {
            end++;
            value = value is long small ? new BigInteger(small) : value;
        }
        else if (end < text.Length && text[end] is 'j' or 'J')
        {
            throw source.Unsupported(start, "a complex number");
        }

        CheckEnd(source, start, end);
        return (value, end);
    }

    private static bool IsFloat(string text, int at)
    {
        if (text[at] == '.')
        {
            return true;
        }

        int next = at + 1 < text.Length && text[at + 1] is '+' or '-' ? at + 2 : at + 1;
        return next < text.Length && char.IsAsciiDigit(text[next]);
    }

    private static (object Value, int End) Float(XmSource source, int start, int end)
    {
        string text = source.Text;
        if (text[end] == '.')
        {
            end++;
            SkipDigits(text, ref end);
        }

        if (end < text.Length && text[end] is 'e' or 'E' && IsFloat(text, end))
        {
            end += 2;
            SkipDigits(text, ref end);
        }

        if (end < text.Length && text[end] is 'j' or 'J')
        {
            throw source.Unsupported(start, "a complex number");
        }

        CheckEnd(source, start, end);
        return (double.Parse(text.AsSpan(start, end - start), NumberStyles.Float, CultureInfo.InvariantCulture), end);
    }

    private static object Digits(XmSource source, int start, ref int end, int radix)
    {
        string text = source.Text;
        BigInteger big = BigInteger.Zero;
        int first = end;
        for (; end < text.Length && PyNumbers.DigitValue(text[end]) is int digit and >= 0 && digit < radix; end++)
        {
            if (end - first > MaxDigits)
            {
                throw source.SyntaxError(start, $"a number has more than {MaxDigits} digits", "Is this a number?");
            }

            big = (big * radix) + digit;
        }

        return end == first ? throw Malformed(source, start) : PyNumbers.Narrow(big);
    }

    private static void SkipDigits(string text, ref int end)
    {
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }
    }

    private static void CheckEnd(XmSource source, int start, int end)
    {
        if (end < source.Text.Length && (char.IsAsciiLetterOrDigit(source.Text[end]) || source.Text[end] == '_')
            && !EndsBeforeKeyword(source.Text, end))
        {
            throw Malformed(source, start);
        }
    }

    // "1if x else 2" is legal: a number ends where no more of it can follow.
    private static bool EndsBeforeKeyword(string text, int end)
    {
        int stop = end;
        while (stop < text.Length && char.IsAsciiLetter(text[stop]))
        {
            stop++;
        }

        return text[end..stop] is "if" or "else" or "or" or "and" or "in" or "is" or "not" or "for";
    }

    private static XmException Malformed(XmSource source, int start) => source.SyntaxError(
        start, "this is no number of Python 2", "Put a text into quotes; a number that begins with 0 is octal (digits 0 to 7).");
}
