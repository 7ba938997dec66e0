using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The modules that may be imported, and what of each.</summary>
internal sealed class PyModules
{
    private readonly XmRuntime _run;
    private readonly Dictionary<string, PyModule> _all = new(StringComparer.Ordinal);

    public PyModules(XmRuntime run)
    {
        _run = run;
        Regex = new PyRegex(run);
        PyModule path = Add("os.path", Functions(
            a => PyPaths.Call(run, a), "join", "basename", "dirname", "split", "splitext", "isabs", "normpath"));
        Dictionary<string, object> os = Constants(("sep", "/"), ("linesep", "\n"), ("name", "posix"), ("curdir", "."), ("pardir", ".."));
        os["path"] = path;
        if (run.Options.Machine is XmMachine machine)
        {
            os["uname"] = new PyBuiltin("uname", a => Uname(a, machine));
        }

        Add("os", os);
        Dictionary<string, object> re = Functions(Regex.Call, "search", "match", "findall", "sub", "split", "compile", "escape");
        (re["I"], re["IGNORECASE"]) = (2L, 2L);
        re["error"] = PyExceptionTypes.Get("error");
        Add("re", re);
        Dictionary<string, object> text = Functions(
            CallString, "split", "join", "replace", "upper", "lower", "strip", "lstrip", "rstrip", "find", "atoi", "zfill", "capitalize");
        foreach ((string name, object value) in Constants(
            ("digits", "0123456789"), ("hexdigits", "0123456789abcdefABCDEF"), ("octdigits", "01234567"), ("whitespace", "\t\n\v\f\r "),
            ("lowercase", "abcdefghijklmnopqrstuvwxyz"), ("uppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            ("ascii_lowercase", "abcdefghijklmnopqrstuvwxyz"), ("ascii_uppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            ("letters", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            ("ascii_letters", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")))
        {
            text[name] = value;
        }

        Add("string", text);
        Dictionary<string, object> math = Functions(CallMath, "floor", "ceil", "sqrt", "pow", "log");
        (math["pi"], math["e"]) = (Math.PI, Math.E);
        Add("math", math);
        Dictionary<string, object> sys = Functions(Exit, "exit");
        (sys["maxint"], sys["byteorder"]) = (long.MaxValue, new PyString("little"));
        (sys["stdout"], sys["stderr"]) = (new PyStream("stdout"), new PyStream("stderr"));
        Add("sys", sys);
        Add("types", new()
        {
            ["NoneType"] = new PyType("NoneType", _ => throw PyRaise.TypeError("cannot create 'NoneType' instances")),
        });
    }

    public PyRegex Regex { get; }

    /// <summary>The module of that dotted name.</summary>
    public PyModule Get(string name) => _all.GetValueOrDefault(name) ?? throw XmRefusals.Of(name);

    public static object Member(PyModule module, string name) =>
        module.Members.TryGetValue(name, out object? value) ? value : throw XmRefusals.Of($"{module.Name}.{name}");

    private PyModule Add(string name, Dictionary<string, object> members)
    {
        PyModule module = new(name, members);
        _all[name] = module;
        return module;
    }

    private static Dictionary<string, object> Functions(Func<PyArguments, object> call, params string[] names) =>
        names.ToDictionary(n => n, n => (object)new PyBuiltin(n, call), StringComparer.Ordinal);

    private static Dictionary<string, object> Constants(params (string Name, string Value)[] values) =>
        values.ToDictionary(v => v.Name, v => (object)new PyString(v.Value), StringComparer.Ordinal);

    private PyTuple Uname(PyArguments a, XmMachine machine)
    {
        a.Expect(0, 0);
        return _run.Tuple(
            _run.Text(machine.System),
            _run.Text(machine.Node),
            _run.Text(machine.Release),
            _run.Text(machine.Version),
            _run.Text(machine.Machine));
    }

    // The functions of Python 1's string module are the methods, with the string first.
    private object CallString(PyArguments a)
    {
        if (a.Count == 0)
        {
            throw PyRaise.TypeError($"{a.Name}() takes at least 1 argument (0 given)");
        }

        switch (a.Name)
        {
            case "atoi":
                return PyConversions.ToInt(_run, a with { Name = "int" });
            case "join":
                a.Expect(1, 2);
                PyString separator = a.Count > 1 ? new PyString(a.Text(1)) : new PyString(" ");
                return PyStringMethods.Call(_run, separator, new PyArguments("join", [a[0]], null))!;
            default:
                PyString self = new(a.Text(0));
                return PyStringMethods.Call(_run, self, a with { Positional = [.. a.Positional.Skip(1)] })!;
        }
    }

    private static object CallMath(PyArguments a)
    {
        a.Expect(a.Name == "pow" ? 2 : 1, a.Name is "pow" or "log" ? 2 : 1);
        double value = PyMath.ToDouble(a[0]);
        double made = a.Name switch
        {
            "floor" => Math.Floor(value),
            "ceil" => Math.Ceiling(value),
            "sqrt" => Math.Sqrt(value),
            "pow" => Math.Pow(value, PyMath.ToDouble(a[1])),
            _ => a.Count > 1 ? Math.Log(value) / Math.Log(PyMath.ToDouble(a[1])) : Math.Log(value),
        };
        return !double.IsNaN(value) && (double.IsNaN(made) || (double.IsInfinity(made) && !double.IsInfinity(value)))
            ? throw PyRaise.ValueError("math domain error")
            : made;
    }

    private static object Exit(PyArguments a)
    {
        a.Expect(0, 1);
        throw new PyRaise(new PyException(PyExceptionTypes.Get("SystemExit"), a.Positional));
    }
}
