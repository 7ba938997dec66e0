using System.Numerics;
using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Syntax;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The built-in functions and types (Python 2 Library Reference, chapter 2).</summary>
internal sealed class PyBuiltins
{
    private static readonly string[] s_functions =
    [
        "len", "range", "xrange", "hex", "oct", "bin", "map", "filter", "reduce", "max", "min", "sorted", "sum", "abs", "enumerate", "zip",
        "reversed", "repr", "ord", "chr", "unichr", "isinstance", "any", "all", "round", "divmod", "pow", "cmp", "callable", "type",
    ];

    private static readonly string[] s_types =
    [
        "int", "long", "float", "str", "unicode", "bool", "list", "tuple", "dict", "set", "frozenset",
    ];

    private readonly XmRuntime _run;
    private readonly Dictionary<string, object> _all;

    public PyBuiltins(XmRuntime run)
    {
        _run = run;
        Dictionary<string, object> all = new(StringComparer.Ordinal)
        {
            ["True"] = true,
            ["False"] = false,
        };
        foreach (string name in s_functions)
        {
            all[name] = new PyBuiltin(name, Call);
        }

        foreach (string name in s_types)
        {
            all[name] = new PyType(name, Convert);
        }

        all["basestring"] = new PyType("basestring", _ => throw PyRaise.TypeError("The basestring type cannot be instantiated"));
        _all = all;
    }

    /// <summary>The built-in of that name; null when there is none.</summary>
    public object? Find(string name) =>
        _all.TryGetValue(name, out object? value) ? value
        : name != "error" && PyExceptionTypes.Find(name) is { } type ? type
        : XmRefusals.IsRefusedFunction(name) ? throw XmRefusals.Of(name)
        : null;

    private object Convert(PyArguments arguments)
    {
        switch (arguments.Name)
        {
            case "int" or "long":
                return PyConversions.ToInt(_run, arguments);
            case "float":
                return PyConversions.ToFloat(_run, arguments);
            case "dict":
                PyDict dict = _run.Dict();
                PyCollectionMethods.Update(_run, dict, arguments);
                return dict;
        }

        arguments.Expect(0, 1);
        object? value = arguments.Count == 0 ? null : arguments[0];
        switch (arguments.Name)
        {
            case "str":
                return value is PyString { IsUnicode: false } same ? same : _run.Text(value is null ? string.Empty : _run.Repr.Str(value));
            case "unicode":
                return _run.Text(value is null ? string.Empty : _run.Repr.Str(value), true);
            case "bool":
                return value is not null && XmRuntime.IsTrue(value);
            case "list":
                return _run.List(value is null ? [] : _run.Iterate(value));
            case "tuple":
                return value is PyTuple ? value : new PyTuple(_run.List(value is null ? [] : _run.Iterate(value)).Items);
            default:
                PySet set = new(_run.Keys);
                foreach (object item in value is null ? [] : _run.Iterate(value))
                {
                    _run.Budget.Allocate(64);
                    set.Add(item);
                }

                return set;
        }
    }

    private object Call(PyArguments a)
    {
        switch (a.Name)
        {
            case "len":
                a.Expect(1, 1);
                return Length(a[0]);
            case "range" or "xrange":
                return Range(a);
            case "hex" or "oct" or "bin":
                a.Expect(1, 1);
                return Radix(a);
            case "map":
                return Map(a);
            case "filter":
                return Filter(a);
            case "reduce":
                a.Expect(2, 3);
                return Reduce(a);
            case "max" or "min":
                return Extreme(a);
            case "sorted":
                a.ExpectNames("cmp", "key", "reverse");
                return a.Count == 0
                    ? throw PyRaise.TypeError("sorted() takes at least 1 argument (0 given)")
                    : new PyList(PySort.Sort(_run, _run.List(_run.Iterate(a[0])).Items, a, 1));
            case "sum":
                a.Expect(1, 2);
                return Sum(a);
            case "abs":
                a.Expect(1, 1);
                return !PyMath.IsNumber(a[0]) ? throw PyRaise.TypeError($"bad operand type for abs(): '{PyType.NameOf(a[0])}'")
                    : a[0] is double d ? Math.Abs(d)
                    : PyMath.ToBig(a[0]).Sign < 0 ? PyMath.Negate(a[0])
                    : a[0] is bool b ? (b ? 1L : 0L) : a[0];
            case "enumerate":
                a.ExpectNames("start");
                if (a.Count is 0 or > 2)
                {
                    throw PyRaise.TypeError($"enumerate() takes 1 to 2 arguments ({a.Count} given)");
                }

                BigInteger start = a.Find("start", 1) is { } s ? PyMath.ToBig(s) : BigInteger.Zero;
                return new PyIterator(
                    _run.List(_run.Iterate(a[0])).Items.Select((item, i) => (object)_run.Tuple(PyNumbers.Narrow(start + i), item)));
            case "zip":
                a.ExpectNames();
                return Zip(a);
            case "reversed":
                a.Expect(1, 1);
                List<object> items = _run.List(_run.Iterate(a[0])).Items;
                items.Reverse();
                return new PyIterator(items);
            case "repr":
                a.Expect(1, 1);
                return _run.Text(_run.Repr.Repr(a[0]));
            case "ord":
                a.Expect(1, 1);
                return a.Text(0) is { Length: 1 } one ? (long)one[0]
                    : throw PyRaise.TypeError($"ord() expected a character, but string of length {a.Text(0).Length} found");
            case "chr" or "unichr":
                a.Expect(1, 1);
                int most = a.Name == "chr" ? 256 : 0x10000;
                return a.Long(0) is long code && code >= 0 && code < most ? _run.Text(((char)code).ToString(), most > 256)
                    : throw PyRaise.ValueError($"{a.Name}() arg not in range({(most == 256 ? "256" : "0x10000")})");
            case "isinstance":
                a.Expect(2, 2);
                return IsInstance(a[0], a[1]);
            case "any" or "all":
                a.Expect(1, 1);
                bool wanted = a.Name == "any";
                return _run.Iterate(a[0]).Any(i => XmRuntime.IsTrue(i) == wanted) == wanted;
            case "round":
                a.Expect(1, 2);
                return Round(PyMath.ToDouble(a[0]), a.Count > 1 ? (int)Math.Clamp(a.Long(1), -30, 30) : 0);
            case "divmod":
                a.Expect(2, 2);
                return PyMath.IsNumber(a[0]) && PyMath.IsNumber(a[1])
                    ? _run.Tuple(PyMath.Binary("//", a[0], a[1])!, PyMath.Binary("%", a[0], a[1])!)
                    : throw PyRaise.TypeError("unsupported operand type(s) for divmod()");
            case "pow":
                a.Expect(2, 2);
                return PyMath.IsNumber(a[0]) && PyMath.IsNumber(a[1])
                    ? PyMath.Binary("**", a[0], a[1])!
                    : throw PyRaise.TypeError("unsupported operand type(s) for pow()");
            case "cmp":
                a.Expect(2, 2);
                return _run.Comparer.AreEqual(a[0], a[1]) ? 0L : (long)Math.Sign(_run.Comparer.Compare(a[0], a[1]));
            case "callable":
                a.Expect(1, 1);
                return a[0] is PyFunction or PyBuiltin or PyType or PyExceptionType;
            default:
                a.Expect(1, 1);
                return _all.GetValueOrDefault(PyType.NameOf(a[0])) is PyType known ? known
                    : throw XmRefusal.Unsupported($"type() of a {PyType.NameOf(a[0])}");
        }
    }

    private static long Length(object value) => value switch
    {
        PyString text => text.Text.Length,
        PyList list => list.Items.Count,
        PyTuple tuple => tuple.Items.Count,
        PyDict dict => dict.Count,
        PySet set => set.Members.Count,
        _ => throw PyRaise.TypeError($"object of type '{PyType.NameOf(value)}' has no len()"),
    };

    private PyList Range(PyArguments a)
    {
        a.Expect(1, 3);
        BigInteger[] n = [.. a.Positional.Select(v => v is double
            ? throw PyRaise.TypeError("range() integer argument expected, got float.")
            : PyMath.ToBig(v))];
        (BigInteger start, BigInteger stop, BigInteger step) = n.Length switch
        {
            1 => (BigInteger.Zero, n[0], BigInteger.One),
            2 => (n[0], n[1], BigInteger.One),
            _ => (n[0], n[1], n[2]),
        };
        if (step.IsZero)
        {
            throw PyRaise.ValueError($"{a.Name}() step argument must not be zero");
        }

        BigInteger count = step.Sign > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
        count = BigInteger.Max(0, BigInteger.Min(count, int.MaxValue));
        _run.Budget.AllocateItems(2 * (long)count);
        List<object> items = new((int)count);
        for (int i = 0; i < count; i++)
        {
            items.Add(PyNumbers.Narrow(start + (i * step)));
        }

        return new PyList(items);
    }

    private PyString Radix(PyArguments a)
    {
        BigInteger value = PyMath.IsIntegral(a[0]) ? PyMath.ToBig(a[0])
            : throw PyRaise.TypeError($"{a.Name}() argument can't be converted to {a.Name}");
        string digits = PyFormatNumber.Digits(BigInteger.Abs(value), a.Name switch { "hex" => 16, "oct" => 8, _ => 2 });
        string prefix = a.Name switch { "hex" => "0x", "oct" => value.IsZero ? string.Empty : "0", _ => "0b" };
        string sign = value.Sign < 0 ? "-" : string.Empty;
        return _run.Text(sign + prefix + digits + (a[0] is BigInteger && a.Name != "bin" ? "L" : string.Empty));
    }

    private PyList Map(PyArguments a)
    {
        if (a.Count < 2)
        {
            throw PyRaise.TypeError("map() requires at least two args");
        }

        List<object>[] rows = [.. a.Positional.Skip(1).Select(v => _run.List(_run.Iterate(v)).Items)];
        List<object> made = [];
        for (int i = 0; i < rows.Max(r => r.Count); i++)
        {
            object[] row = [.. rows.Select(r => i < r.Count ? r[i] : PyNone.Value)];
            made.Add(a[0] is PyNone ? (row.Length == 1 ? row[0] : _run.Tuple(row)) : _run.CallWith(a[0], row));
        }

        return _run.List(made);
    }

    private object Filter(PyArguments a)
    {
        a.Expect(2, 2);
        List<object> kept = [];
        foreach (object item in _run.Iterate(a[1]))
        {
            if (XmRuntime.IsTrue(a[0] is PyNone ? item : _run.CallWith(a[0], item)))
            {
                _run.Budget.Allocate(16);
                kept.Add(item);
            }
        }

        return a[1] switch
        {
            PyString text => _run.Text(string.Concat(kept.Select(k => ((PyString)k).Text)), text.IsUnicode),
            PyTuple => new PyTuple(kept),
            _ => new PyList(kept),
        };
    }

    private object Reduce(PyArguments a)
    {
        object? total = a.Count > 2 ? a[2] : null;
        foreach (object item in _run.Iterate(a[1]))
        {
            total = total is null ? item : _run.CallWith(a[0], total, item);
        }

        return total ?? throw PyRaise.TypeError("reduce() of empty sequence with no initial value");
    }

    private object Extreme(PyArguments a)
    {
        a.ExpectNames("key");
        if (a.Count == 0)
        {
            throw PyRaise.TypeError($"{a.Name} expected 1 arguments, got 0");
        }

        object? key = a.Named?["key"];
        object? best = null;
        object? bestKey = null;
        foreach (object item in a.Count == 1 ? _run.Iterate(a[0]) : a.Positional)
        {
            object itemKey = key is null or PyNone ? item : _run.CallWith(key, item);
            int order = bestKey is null ? 1 : _run.Comparer.Compare(itemKey, bestKey);
            if (bestKey is null || (a.Name == "max" ? order > 0 && order != 2 : order < 0))
            {
                (best, bestKey) = (item, itemKey);
            }
        }

        return best ?? throw PyRaise.ValueError($"{a.Name}() arg is an empty sequence");
    }

    private object Sum(PyArguments a)
    {
        object total = a.Count > 1 ? a[1] : 0L;
        if (total is PyString)
        {
            throw PyRaise.TypeError("sum() can't sum strings [use ''.join(seq) instead]");
        }

        foreach (object item in _run.Iterate(a[0]))
        {
            total = (PyMath.IsNumber(total) && PyMath.IsNumber(item) ? PyMath.Binary("+", total, item) : PySequences.Add(_run, total, item))
                ?? throw PyRaise.TypeError(
                    $"unsupported operand type(s) for +: '{PyType.NameOf(total)}' and '{PyType.NameOf(item)}'");
        }

        return total;
    }

    private PyList Zip(PyArguments a)
    {
        List<object>[] rows = [.. a.Positional.Select(v => _run.List(_run.Iterate(v)).Items)];
        int count = rows.Length == 0 ? 0 : rows.Min(r => r.Count);
        return _run.List(Enumerable.Range(0, count).Select(i => (object)_run.Tuple([.. rows.Select(r => r[i])])));
    }

    private static bool IsInstance(object value, object type) => type switch
    {
        PyTuple several => several.Items.Any(t => IsInstance(value, t)),
        PyType { Name: "basestring" } => value is PyString,
        PyType { Name: "int" } => value is long or bool,
        PyType known => PyType.NameOf(value) == known.Name,
        PyExceptionType error => value is PyException exception && exception.Type.IsA(error),
        _ => throw PyRaise.TypeError("isinstance() arg 2 must be a class, type, or tuple of classes and types"),
    };

    // Python 2 rounds halves away from zero.
    private static double Round(double value, int digits)
    {
        if (double.IsNaN(value) || double.IsInfinity(value) || digits > 15)
        {
            return value;
        }

        if (digits >= 0)
        {
            return Math.Round(value, digits, MidpointRounding.AwayFromZero);
        }

        double scale = Math.Pow(10, -digits);
        return Math.Round(value / scale, MidpointRounding.AwayFromZero) * scale;
    }
}
