using System.Globalization;
using System.Numerics;
using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Syntax;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>int(), long() and float() of text.</summary>
internal static class PyConversions
{
    public static object ToInt(XmRuntime run, PyArguments arguments)
    {
        arguments.ExpectNames("x", "base");
        if (arguments.Count > 2)
        {
            arguments.Expect(0, 2);
        }

        object? value = arguments.Find("x", 0);
        object? radix = arguments.Find("base", 1);
        bool isLong = arguments.Name == "long";
        if (value is null)
        {
            return isLong ? (object)BigInteger.Zero : 0L;
        }

        BigInteger number = value switch
        {
            PyString text => Parse(run, text, radix is null ? 10 : (int)BigInteger.Clamp(PyMath.ToBig(radix), -1, 99), arguments.Name),
            _ when radix is not null => throw PyRaise.TypeError($"{arguments.Name}() can't convert non-string with explicit base"),
            double real when double.IsNaN(real) => throw PyRaise.ValueError("cannot convert float NaN to integer"),
            double real when double.IsInfinity(real) => throw PyRaise.Of("OverflowError", "cannot convert float infinity to integer"),
            double real => new BigInteger(real),
            _ when PyMath.IsIntegral(value) => PyMath.ToBig(value),
            _ => throw PyRaise.TypeError(
                $"{arguments.Name}() argument must be a string or a number, not '{PyType.NameOf(value)}'"),
        };
        return isLong ? number : value is BigInteger && !(number >= long.MinValue && number <= long.MaxValue) ? number
            : PyNumbers.Narrow(number);
    }

    public static double ToFloat(XmRuntime run, PyArguments arguments)
    {
        arguments.Expect(0, 1);
        if (arguments.Count == 0)
        {
            return 0;
        }

        if (arguments[0] is not PyString text)
        {
            return PyMath.IsNumber(arguments[0]) ? PyMath.ToDouble(arguments[0])
                : throw PyRaise.TypeError("float() argument must be a string or a number");
        }

        run.Budget.Work(text.Text.Length);
        string trimmed = text.Text.Trim(' ', '\t', '\n', '\r', '\f', '\v');
        if (trimmed.Length is > 0 and < 500 && !trimmed.Contains(',')
            && double.TryParse(trimmed, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture, out double value)
            && trimmed.AsSpan().ContainsAnyInRange('0', '9'))
        {
            return value;
        }

        return trimmed.TrimStart('+', '-').ToUpperInvariant() switch
        {
            "INF" or "INFINITY" => trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            "NAN" => double.NaN,
            "" => throw PyRaise.ValueError(
                text.Text.Length == 0 ? "could not convert string to float: " : $"could not convert string to float: {text.Text}"),
            _ => throw PyRaise.ValueError($"could not convert string to float: {text.Text}"),
        };
    }

    private static BigInteger Parse(XmRuntime run, PyString value, int radix, string name)
    {
        if (radix is < 0 or 1 or > 36)
        {
            throw PyRaise.ValueError($"{name}() base must be >= 2 and <= 36");
        }

        run.Budget.Work(value.Text.Length);
        string text = value.Text.Trim(' ', '\t', '\n', '\r', '\f', '\v');
        int i = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        char mark = i + 1 < text.Length && text[i] == '0' ? char.ToLowerInvariant(text[i + 1]) : '\0';
        int implied = mark switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
        if (implied != 0 && (radix == 0 || radix == implied))
        {
            i += 2;
            radix = implied;
        }
        else if (radix == 0)
        {
            radix = i + 1 < text.Length && text[i] == '0' ? 8 : 10;
        }

        int end = name == "long" && text.Length > i + 1 && text[^1] is 'l' or 'L' ? text.Length - 1 : text.Length;
        BigInteger number = BigInteger.Zero;
        bool isValid = end > i;
        if (end - i > 1200)
        {
            throw new XmLimitException("a number has more than 1200 digits");
        }

        for (; isValid && i < end; i++)
        {
            int digit = PyNumbers.DigitValue(text[i]);
            isValid = digit >= 0 && digit < radix;
            number = (number * radix) + digit;
        }

        if (number.GetBitLength() > PyNumbers.MaxBits)
        {
            throw new XmLimitException($"a number has more than {PyNumbers.MaxBits} bits");
        }

        return !isValid
            ? throw PyRaise.ValueError($"invalid literal for {name}() with base {radix}: {run.Repr.Repr(value)}")
            : text[0] == '-' ? -number : number;
    }
}
