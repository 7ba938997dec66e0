using System.Globalization;
using System.Numerics;
using System.Text;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>The % operator on strings (Python 2 Library Reference, 5.6.2).</summary>
internal sealed class PyPercentFormat(XmBudget budget, PyRepr repr)
{
    private const int MaxWidth = 10_000;
    private const int MaxPrecision = 100;

    public PyString Format(PyString pattern, object arguments)
    {
        string text = pattern.Text;
        StringBuilder result = new(text.Length + 16);
        bool isUnicode = pattern.IsUnicode;
        IReadOnlyList<object>? tuple = (arguments as PyTuple)?.Items;
        int used = 0;
        bool usedNames = false;
        budget.AllocateText(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
                continue;
            }

            budget.Step();
            i++;
            object? named = null;
            if (i < text.Length && text[i] == '(')
            {
                int close = CloseOf(text, i);
                PyDict dict = arguments as PyDict ?? throw PyRaise.TypeError("format requires a mapping");
                PyString key = new(text[(i + 1)..close]);
                usedNames = true;
                named = dict.TryGet(key, out object found) ? found : throw new PyRaise(new(PyExceptionTypes.Get("KeyError"), [key]));
                i = close + 1;
            }

            int flags = i;
            while (i < text.Length && text[i] is '#' or '0' or '-' or ' ' or '+')
            {
                i++;
            }

            ReadOnlySpan<char> marks = text.AsSpan(flags, i - flags);
            Spec spec = new(marks.Contains('#'), marks.Contains('0'), marks.Contains('-'), marks.Contains(' '), marks.Contains('+'));
            int width = Number(text, ref i, NextNumber) ?? 0;
            if (width < 0)
            {
                spec = spec with { IsLeft = true };
                width = -width;
            }

            int? precision = null;
            if (i < text.Length && text[i] == '.')
            {
                i++;
                precision = Math.Max(0, Number(text, ref i, NextNumber) ?? 0);
            }

            if (width > MaxWidth || precision > MaxWidth)
            {
                throw new XmLimitException($"a width or precision is above {MaxWidth}");
            }

            while (i < text.Length && text[i] is 'h' or 'l' or 'L')
            {
                i++;
            }

            if (i >= text.Length)
            {
                throw PyRaise.ValueError("incomplete format");
            }

            if (text[i] == '%')
            {
                result.Append('%');
                continue;
            }

            object value = named ?? Next();
            isUnicode |= text[i] == 's' && value is PyString { IsUnicode: true };
            string shown = Convert(text[i], i, value, spec, precision, width);
            budget.AllocateText(Math.Max(width, shown.Length));
            result.Append(spec.IsLeft ? shown.PadRight(width) : shown.PadLeft(width));
        }

        bool isSurplus = tuple is not null ? used < tuple.Count
            : used == 0 && !usedNames && arguments is not (PyDict or PyList or PyTuple);
        return isSurplus
            ? throw PyRaise.TypeError("not all arguments converted during string formatting")
            : new PyString(result.ToString(), isUnicode, pattern.Origin);

        object Next()
        {
            bool hasNext = tuple is not null ? used < tuple.Count : used == 0;
            return !hasNext
                ? throw PyRaise.TypeError("not enough arguments for format string")
                : tuple is not null ? tuple[used++] : used++ == 0 ? arguments : arguments;
        }

        int NextNumber() => Next() is long number ? (int)Math.Clamp(number, -MaxWidth - 1, MaxWidth + 1)
            : throw PyRaise.TypeError("* wants int");
    }

    private static int CloseOf(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw PyRaise.ValueError("incomplete format key");
    }

    private static int? Number(string text, ref int i, Func<int> next)
    {
        if (i < text.Length && text[i] == '*')
        {
            i++;
            return next();
        }

        int? number = null;
        for (; i < text.Length && char.IsAsciiDigit(text[i]); i++)
        {
            number = Math.Min(((number ?? 0) * 10) + text[i] - '0', MaxWidth + 1);
        }

        return number;
    }

    private string Convert(char conversion, int index, object value, Spec spec, int? precision, int width)
    {
        switch (conversion)
        {
            case 's' or 'r':
                string shown = conversion == 's' ? repr.Str(value) : repr.Repr(value);
                return precision < shown.Length ? shown[..precision.Value] : shown;
            case 'c':
                return value switch
                {
                    PyString { Text.Length: 1 } one => one.Text,
                    long and >= 0 and < 256 => ((char)(long)value).ToString(),
                    long => throw PyRaise.Of("OverflowError", "unsigned byte integer is greater than maximum"),
                    _ => throw PyRaise.TypeError("%c requires int or char"),
                };
            case 'd' or 'i' or 'u' or 'o' or 'x' or 'X':
                return Integer(conversion, ToInteger(conversion, value), spec, precision, width);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                if (!PyMath.IsNumber(value))
                {
                    throw PyRaise.TypeError("float argument required, not " + PyType.NameOf(value));
                }

                return Real(conversion, PyMath.ToDouble(value), spec, precision ?? 6, width);
            default:
                throw PyRaise.ValueError(string.Create(
                    CultureInfo.InvariantCulture,
                    $"unsupported format character '{conversion}' (0x{(int)conversion:x}) at index {index}"));
        }
    }

    private static BigInteger ToInteger(char conversion, object value) => value switch
    {
        double real when double.IsNaN(real) || double.IsInfinity(real) => throw PyRaise.ValueError("cannot convert float to integer"),
        double real => new BigInteger(real),
        _ when PyMath.IsIntegral(value) => PyMath.ToBig(value),
        _ => throw PyRaise.TypeError($"%{conversion} format: a number is required, not {PyType.NameOf(value)}"),
    };

    private static string Integer(char conversion, BigInteger value, Spec spec, int? precision, int width)
    {
        int radix = conversion switch { 'o' => 8, 'x' or 'X' => 16, _ => 10 };
        string digits = PyFormatNumber.Digits(BigInteger.Abs(value), radix).PadLeft(precision ?? 1, '0');
        string prefix = !spec.IsAlternate ? string.Empty : radix == 16 ? "0x" : radix == 8 && digits[0] != '0' ? "0" : string.Empty;
        string text = WithSign(value.Sign < 0, prefix, digits, spec, precision is null ? width : 0);
        return conversion == 'X' ? text.ToUpperInvariant() : text;
    }

    private static string Real(char conversion, double value, Spec spec, int precision, int width)
    {
        if (precision > MaxPrecision)
        {
            throw new XmLimitException($"a precision is above {MaxPrecision}");
        }

        double size = Math.Abs(value);
        string digits = char.ToLowerInvariant(conversion) switch
        {
            'f' => PyFormatNumber.Fixed(size, precision),
            'e' => PyFormatNumber.Exponential(size, precision),
            _ => PyFormatNumber.General(size, precision, spec.IsAlternate),
        };
        string text = WithSign(double.IsNegative(value), string.Empty, digits, spec, width);
        return char.IsAsciiLetterUpper(conversion) ? text.ToUpperInvariant() : text;
    }

    private static string WithSign(bool isNegative, string prefix, string digits, Spec spec, int width)
    {
        string sign = (isNegative ? "-" : spec.HasPlus ? "+" : spec.HasBlank ? " " : string.Empty) + prefix;
        return spec.HasZeros && !spec.IsLeft ? sign + digits.PadLeft(Math.Max(0, width - sign.Length), '0') : sign + digits;
    }

    private readonly record struct Spec(bool IsAlternate, bool HasZeros, bool IsLeft, bool HasBlank, bool HasPlus);
}
