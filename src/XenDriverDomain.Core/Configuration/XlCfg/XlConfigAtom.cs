using System.Globalization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>A number or a string. xl keeps both as text and reads a number only where a setting asks for one.</summary>
internal sealed record XlConfigAtom : XlConfigValue
{
    internal XlConfigAtom(string text, bool isQuoted, ConfigLocation location, int start, int end)
        : base(location, start, end)
    {
        Text = text;
        IsQuoted = isQuoted;
    }

    /// <summary>The text, without quotes and escapes.</summary>
    public string Text { get; }

    /// <summary>True when it is written as a string.</summary>
    public bool IsQuoted { get; }

    /// <summary>A string that was not read from a file.</summary>
    public static XlConfigAtom FromString(string text) => new(text, true, default, 0, 0);

    /// <summary>A number that was not read from a file.</summary>
    public static XlConfigAtom FromNumber(long number) =>
        new(number.ToString(CultureInfo.InvariantCulture), number < 0, default, 0, 0);

    /// <summary>
    /// The number that xl reads from the text, or null when it reads none: strtol with base 0 (xlu_cfg_get_long), so 0x10 is 16
    /// and <c>0512</c> is octal, 330.
    /// </summary>
    public long? Number
    {
        get
        {
            ReadOnlySpan<char> rest = Text.AsSpan().TrimStart(" \t\n\v\f\r");
            bool negative = rest.StartsWith("-");
            if (negative || rest.StartsWith("+"))
            {
                rest = rest[1..];
            }

            uint radix = 10;
            if (rest.Length > 2 && rest[0] == '0' && rest[1] is 'x' or 'X')
            {
                radix = 16;
                rest = rest[2..];
            }
            else if (rest.Length > 1 && rest[0] == '0')
            {
                radix = 8;
                rest = rest[1..];
            }

            return Magnitude(rest, radix) is { } magnitude && magnitude <= (negative ? 1UL << 63 : long.MaxValue)
                ? negative ? unchecked(-(long)magnitude) : (long)magnitude
                : null;
        }
    }

    private static ulong? Magnitude(ReadOnlySpan<char> digits, uint radix)
    {
        UInt128 value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10 : int.MaxValue;
            if (digit >= radix || value > ulong.MaxValue)
            {
                return null;
            }

            value = (value * radix) + (uint)digit;
        }

        return digits.Length > 0 && value <= ulong.MaxValue ? (ulong)value : null;
    }
}
