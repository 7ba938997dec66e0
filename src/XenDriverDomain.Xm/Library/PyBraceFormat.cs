using System.Globalization;
using System.Numerics;
using System.Text;
using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>str.format() (Python 2 Library Reference, 7.1.3).</summary>
internal sealed class PyBraceFormat(XmRuntime run, PyArguments arguments)
{
    private const int MaxWidth = 10_000;
    private int _next;

    public PyString Format(PyString pattern)
    {
        StringBuilder made = new();
        bool isUnicode = pattern.IsUnicode;
        Expand(pattern.Text, made, 0, ref isUnicode);
        return run.Text(made.ToString(), isUnicode, pattern.Origin);
    }

    private void Expand(string text, StringBuilder made, int depth, ref bool isUnicode)
    {
        if (depth > 1 && text.Contains('{'))
        {
            throw PyRaise.ValueError("Max string recursion exceeded");
        }

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is not ('{' or '}'))
            {
                made.Append(c);
                continue;
            }

            if (i + 1 < text.Length && text[i + 1] == c)
            {
                made.Append(c);
                i++;
                continue;
            }

            if (c == '}')
            {
                throw PyRaise.ValueError("Single '}' encountered in format string");
            }

            int close = CloseOf(text, i);
            made.Append(Field(text[(i + 1)..close], depth, ref isUnicode));
            run.Budget.AllocateText(made.Length > MaxWidth ? 64 : 16);
            i = close;
        }
    }

    private static int CloseOf(string text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw PyRaise.ValueError("expected '}' before end of string");
    }

    private string Field(string field, int depth, ref bool isUnicode)
    {
        int end = field.AsSpan().IndexOfAny('!', ':');
        string name = end < 0 ? field : field[..end];
        string rest = end < 0 ? string.Empty : field[end..];
        object value = Find(name);
        if (rest.StartsWith('!'))
        {
            if (rest.Length < 2 || (rest.Length > 2 && rest[2] != ':'))
            {
                throw PyRaise.ValueError("expected ':' after format specifier");
            }

            value = rest[1] switch
            {
                'r' => run.Text(run.Repr.Repr(value)),
                's' => run.Text(run.Repr.Str(value)),
                _ => throw PyRaise.ValueError("Unknown conversion specifier " + rest[1]),
            };
            rest = rest[2..];
        }

        isUnicode |= value is PyString { IsUnicode: true };
        StringBuilder specification = new();
        Expand(rest.Length > 0 ? rest[1..] : rest, specification, depth + 1, ref isUnicode);
        return Apply(value, specification.ToString());
    }

    private object Find(string name)
    {
        int end = name.AsSpan().IndexOfAny('.', '[');
        string first = end < 0 ? name : name[..end];
        object value;
        if (first.Length == 0 || first.All(char.IsAsciiDigit))
        {
            if (first.Length > 6)
            {
                throw PyRaise.ValueError("Too many decimal digits in format string");
            }

            if ((first.Length == 0 && _next < 0) || (first.Length > 0 && _next > 0))
            {
                throw PyRaise.ValueError("cannot switch between manual field specification and automatic field numbering");
            }

            int index = first.Length == 0 ? _next++ : int.Parse(first, CultureInfo.InvariantCulture);
            _next = first.Length == 0 ? _next : -1;
            value = index < arguments.Count ? arguments[index] : throw PyRaise.Of("IndexError", "tuple index out of range");
        }
        else
        {
            value = arguments.Named is not null && arguments.Named.TryGetValue(first, out object? named)
                ? named
                : throw new PyRaise(new(PyExceptionTypes.Get("KeyError"), [new PyString(first)]));
        }

        while (end >= 0 && end < name.Length)
        {
            int close = name[end] == '[' ? name.IndexOf(']', end) : -1;
            if (close < 0)
            {
                throw XmRefusal.Unsupported("an attribute in format()");
            }

            string key = name[(end + 1)..close];
            object index = key.Length is > 0 and < 7 && key.All(char.IsAsciiDigit)
                ? long.Parse(key, CultureInfo.InvariantCulture)
                : new PyString(key);
            value = PySequences.Item(run, value, index);
            end = close + 1;
        }

        return value;
    }

    private string Apply(object value, string specification)
    {
        PyFormatSpec spec = PyFormatSpec.Parse(specification);
        if (spec.Width > MaxWidth || spec.Precision > MaxWidth || (spec.Precision > 100 && value is double))
        {
            throw new XmLimitException($"a width or precision is above {MaxWidth}");
        }

        string shown = specification.Length == 0 ? run.Repr.Str(value) : value switch
        {
            PyString text when spec.Type is 's' or '\0' => spec.Precision >= 0 && spec.Precision < text.Text.Length
                ? text.Text[..spec.Precision]
                : text.Text,
            bool flag when spec.Type is 's' or '\0' => flag ? "True" : "False",
            _ when PyMath.IsNumber(value) => Number(value, spec),
            PyString => throw PyRaise.ValueError($"Unknown format code '{spec.Type}' for object of type 'str'"),
            _ => run.Repr.Str(value),
        };
        int missing = spec.Width - shown.Length;
        run.Budget.AllocateText(Math.Max(spec.Width, shown.Length));
        char align = spec.Align != '\0' ? spec.Align : PyMath.IsNumber(value) && value is not bool ? '>' : '<';
        return missing <= 0 ? shown : align switch
        {
            '<' => shown.PadRight(spec.Width, spec.Fill),
            '^' => new string(spec.Fill, missing / 2) + shown + new string(spec.Fill, missing - (missing / 2)),
            '=' when shown.Length > 0 && shown[0] is '-' or '+' or ' ' => shown[0] + shown[1..].PadLeft(spec.Width - 1, spec.Fill),
            _ => shown.PadLeft(spec.Width, spec.Fill),
        };
    }

    private static string Number(object value, PyFormatSpec spec)
    {
        bool isReal = value is double || spec.Type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%';
        bool isNegative = PyMath.Compare(value, 0L) < 0;
        string digits;
        string prefix = string.Empty;
        if (isReal)
        {
            double size = Math.Abs(PyMath.ToDouble(value));
            int precision = spec.Precision < 0 ? 6 : spec.Precision;
            digits = char.ToLowerInvariant(spec.Type) switch
            {
                'e' => PyFormatNumber.Exponential(size, precision),
                'f' => PyFormatNumber.Fixed(size, precision),
                '%' => PyFormatNumber.Fixed(size * 100, precision) + "%",
                'g' => PyFormatNumber.General(size, precision, false),
                '\0' when spec.Precision < 0 => PyRepr.Real(size, 12),
                '\0' => PyFormatNumber.General(size, precision, false),
                _ => throw PyRaise.ValueError($"Unknown format code '{spec.Type}' for object of type 'float'"),
            };
        }
        else
        {
            if (spec.Precision >= 0)
            {
                throw PyRaise.ValueError("Precision not allowed in integer format specifier");
            }

            BigInteger size = BigInteger.Abs(PyMath.ToBig(value));
            int radix = spec.Type switch
            {
                'x' or 'X' => 16,
                'o' => 8,
                'b' => 2,
                'd' or 'n' or '\0' => 10,
                _ => throw PyRaise.ValueError($"Unknown format code '{spec.Type}' for object of type 'int'"),
            };
            digits = PyFormatNumber.Digits(size, radix);
            prefix = spec.IsAlternate && radix != 10 ? "0" + spec.Type : string.Empty;
        }

        if (spec.HasCommas)
        {
            int point = digits.IndexOf('.');
            for (int i = (point < 0 ? digits.Length : point) - 3; i > 0; i -= 3)
            {
                digits = digits.Insert(i, ",");
            }
        }

        string sign = isNegative ? "-" : spec.Sign is '+' or ' ' ? spec.Sign.ToString() : string.Empty;
        digits = spec.Type is 'X' or 'E' or 'F' or 'G' ? digits.ToUpperInvariant() : digits;
        return spec.Align == '=' ? sign + prefix + digits.PadLeft(Math.Max(0, spec.Width - sign.Length - prefix.Length), spec.Fill)
            : sign + prefix + digits;
    }
}
