using System.Globalization;
using System.Numerics;
using System.Text;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>str() and repr() of Python 2.7.</summary>
internal sealed class PyRepr(XmBudget budget)
{
    public string Str(object value) => value switch
    {
        PyString text => text.Text,
        double real => Real(real, 12),
        BigInteger big => Number(big),
        PyException error => StrOf(error),
        _ => Repr(value),
    };

    public string Repr(object value)
    {
        StringBuilder text = new();
        Write(text, value);
        return text.ToString();
    }

    public string StrOf(PyException error) => error.Arguments.Count switch
    {
        0 => string.Empty,
        1 when error.Type.Name == "KeyError" => Repr(error.Arguments[0]),
        1 => Str(error.Arguments[0]),
        _ => Repr(new PyTuple(error.Arguments)),
    };

    /// <summary>The shortest text that reads back (17) or, as str() has it, twelve digits.</summary>
    public static string Real(double value, int digits)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        // str() keeps room for the ".0" within its twelve digits.
        string text = digits == 12 ? PyFormatNumber.General(value, 12, false, 11) : PyFormatNumber.General(value, -1, false);
        return text.AsSpan().ContainsAny('.', 'e', 'n') ? text : text + ".0";
    }

    private string Number(BigInteger value)
    {
        budget.AllocateText(value.GetByteCount() * 3);
        return value.ToString(CultureInfo.InvariantCulture);
    }

    private void Write(StringBuilder text, object value)
    {
        budget.Allocate(32);
        switch (value)
        {
            case PyNone:
                text.Append("None");
                break;
            case bool flag:
                text.Append(flag ? "True" : "False");
                break;
            case long number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case BigInteger big:
                text.Append(Number(big)).Append('L');
                break;
            case double real:
                text.Append(Real(real, 17));
                break;
            case PyString s:
                Quote(text, s);
                break;
            case PyList list:
                WriteAll(text, "[", list.Items, "]");
                break;
            case PyTuple tuple:
                WriteAll(text, "(", tuple.Items, tuple.Items.Count == 1 ? ",)" : ")");
                break;
            case PySet set:
                WriteAll(text, "set([", [.. set.Items], "])");
                break;
            case PyDict dict:
                WriteDict(text, dict);
                break;
            case PyException error:
                text.Append(error.Type.Name);
                WriteAll(text, "(", error.Arguments, error.Arguments.Count == 1 ? ",)" : ")");
                break;
            case PyType type:
                text.Append("<type '").Append(type.Name).Append("'>");
                break;
            default:
                throw XmRefusal.Unsupported($"a {PyType.NameOf(value)} as text");
        }
    }

    private void WriteAll(StringBuilder text, string open, IReadOnlyList<object> items, string close)
    {
        budget.Enter();
        text.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? string.Empty : ", ");
            Write(text, items[i]);
        }

        text.Append(close);
        budget.Leave();
    }

    private void WriteDict(StringBuilder text, PyDict dict)
    {
        budget.Enter();
        text.Append('{');
        string separator = string.Empty;
        foreach ((object key, object item) in dict.Entries)
        {
            text.Append(separator);
            Write(text, key);
            text.Append(": ");
            Write(text, item);
            separator = ", ";
        }

        text.Append('}');
        budget.Leave();
    }

    private void Quote(StringBuilder text, PyString value)
    {
        budget.AllocateText(value.Text.Length * 2L);
        char quote = value.Text.Contains('\'') && !value.Text.Contains('"') ? '"' : '\'';
        text.Append(value.IsUnicode ? "u" : string.Empty).Append(quote);
        foreach (char c in value.Text)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when c == quote => text.Append('\\').Append(c),
                >= ' ' and <= '~' => text.Append(c),
                <= '\xff' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        text.Append(quote);
    }
}
