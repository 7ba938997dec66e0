using System.Globalization;
using System.Numerics;

namespace XenDriverDomain.Xm.Running;

/// <summary>Numbers as C's printf writes them.</summary>
internal static class PyFormatNumber
{
    public static string Digits(BigInteger value, int radix)
    {
        if (radix == 10)
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        if (value.IsZero)
        {
            return "0";
        }

        // The other radixes are powers of two, so that a digit is some of the bits; dividing a long number digit by digit is far slower.
        int width = BitOperations.Log2((uint)radix);
        byte[] bytes = value.ToByteArray(isUnsigned: true);
        char[] digits = new char[(int)((value.GetBitLength() + width - 1) / width)];
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = 0;
            for (int bit = i * width; bit < (i + 1) * width && bit < bytes.Length * 8; bit++)
            {
                digit |= ((bytes[bit / 8] >> (bit % 8)) & 1) << (bit % width);
            }

            digits[^(i + 1)] = "0123456789abcdef"[digit];
        }

        return new string(digits);
    }

    public static string Fixed(double value, int precision) =>
        NotFinite(value) ?? value.ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public static string Exponential(double value, int precision) =>
        NotFinite(value) ?? value.ToString(
            precision == 0 ? "0e+00" : $"0.{new string('0', precision)}e+00", CultureInfo.InvariantCulture);

    /// <summary>
    /// %g; precision -1 gives the shortest text that reads back, as repr() does. From the power of ten
    /// <paramref name="scientificFrom"/> on it is written with an exponent, by default from the precision on.
    /// </summary>
    public static string General(double value, int precision, bool keepsZeros, int? scientificFrom = null)
    {
        if (NotFinite(value) is string odd)
        {
            return odd;
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0" : "0";
        }

        string scientific = precision < 0
            ? value.ToString("E16", CultureInfo.InvariantCulture)
            : value.ToString("E" + (Math.Max(precision, 1) - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int exponent = Exponent(scientific, scientific.IndexOf('E'));
        string digits;
        if (precision < 0)
        {
            string shortest = value.ToString("R", CultureInfo.InvariantCulture);
            (digits, exponent) = Decompose(shortest);
        }
        else
        {
            digits = string.Concat(scientific.Where(char.IsAsciiDigit).Take(Math.Max(precision, 1)));
        }

        if (!keepsZeros)
        {
            digits = digits.TrimEnd('0');
            digits = digits.Length == 0 ? "0" : digits;
        }

        string sign = value < 0 ? "-" : string.Empty;
        int limit = scientificFrom ?? (precision < 0 ? 16 : Math.Max(precision, 1));
        if (exponent < -4 || exponent >= limit)
        {
            string fraction = digits.Length > 1 ? "." + digits[1..] : string.Empty;
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        return exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1 ? sign + digits.PadRight(exponent + 1, '0')
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static int Exponent(string text, int mark) =>
        int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static (string Digits, int Exponent) Decompose(string shortest)
    {
        int mark = shortest.IndexOf('E');
        int exponent = mark < 0 ? 0 : Exponent(shortest, mark);
        string mantissa = (mark < 0 ? shortest : shortest[..mark]).TrimStart('-');
        int point = mantissa.IndexOf('.');
        string digits = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        int zeros = digits.Length - digits.TrimStart('0').Length;
        return (digits[zeros..], exponent - zeros);
    }

    private static string? NotFinite(double value) =>
        double.IsNaN(value) ? "nan" : double.IsPositiveInfinity(value) ? "inf" : double.IsNegativeInfinity(value) ? "-inf" : null;
}
