using XenDriverDomain.Xm.Library;
using XenDriverDomain.Xm.Syntax;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>Runs the syntax tree. This part has the names and the calls.</summary>
internal sealed partial class XmEvaluator
{
    private readonly PyBuiltins _builtins;
    private readonly Action<XmMessageKind, string> _say;
    private readonly HashSet<string> _remarked = new(StringComparer.Ordinal);
    private readonly System.Text.StringBuilder _printed = new();
    private XmScope _scope;
    private object _returned = PyNone.Value;
    private PyRaise? _handled;

    public XmEvaluator(XmRunOptions options, Action<XmMessageKind, string> say)
    {
        _say = say;
        Runtime = new XmRuntime(options, Call, say);
        Modules = new PyModules(Runtime);
        _builtins = new PyBuiltins(Runtime);
        Module = new XmScope();
        _scope = Module;
    }

    public XmRuntime Runtime { get; }

    public PyModules Modules { get; }

    public XmScope Module { get; }

    /// <summary>Where in the source it is.</summary>
    public int Position { get; private set; }

    public void RunModule(IReadOnlyList<XmStatement> statements)
    {
        RunBlock(statements);
        EndLine();
    }

    private object LookUp(XmName name)
    {
        object? value = _scope.Find(name.Name, out bool isTheFiles);
        if (isTheFiles && _remarked.Add(name.Name))
        {
            _say(
                XmMessageKind.Remark,
                $"'{name.Name}' of the file is read within a function, which xm itself did not allow: it ended with NameError there");
        }

        value ??= _builtins.Find(name.Name);
        if (value is null)
        {
            Position = name.Position;
            throw PyRaise.Of("NameError", $"name '{name.Name}' is not defined");
        }

        return value;
    }

    private object Call(object function, PyArguments arguments)
    {
        Runtime.Budget.Step(4);
        switch (function)
        {
            case PyBuiltin builtin:
                return builtin.Invoke(arguments with { Name = builtin.Name });
            case PyType type:
                return type.Convert(arguments with { Name = type.Name });
            case PyExceptionType error:
                arguments.ExpectNames();
                return new PyException(error, arguments.Positional);
            case PyFunction own:
                return CallOwn(own, arguments);
            default:
                throw PyRaise.TypeError($"'{PyType.NameOf(function)}' object is not callable");
        }
    }

    private object CallOwn(PyFunction function, PyArguments arguments)
    {
        XmFunctionCode code = function.Code;
        Runtime.Budget.Allocate(256);
        Runtime.Budget.Enter();
        XmScope scope = new(function.Scope, code.Locals, isComprehension: false);
        BindParameters(function, arguments, scope);
        XmScope caller = _scope;
        int position = Position;
        _scope = scope;
        try
        {
            object result = RunBlock(code.Body) == XmFlow.Return ? _returned : PyNone.Value;
            Position = position;
            return result;
        }
        finally
        {
            _scope = caller;
            Runtime.Budget.Leave();
        }
    }

    private void BindParameters(PyFunction function, PyArguments arguments, XmScope scope)
    {
        XmFunctionCode code = function.Code;
        int required = code.Parameters.Count - function.Defaults.Count;
        HashSet<string>? used = arguments.Named is null ? null : [];
        for (int i = 0; i < code.Parameters.Count; i++)
        {
            string name = code.Parameters[i];
            object? value = i < arguments.Count ? arguments[i] : null;
            if (arguments.Named is not null && arguments.Named.TryGetValue(name, out object? named))
            {
                used!.Add(name);
                value = value is null ? named
                    : throw PyRaise.TypeError($"{code.Name}() got multiple values for keyword argument '{name}'");
            }

            value ??= i >= required ? function.Defaults[i - required] : null;
            scope.Set(name, value ?? throw Mismatch(code, required, arguments.Count + (arguments.Named?.Count ?? 0)), Position);
        }

        if (code.Star is not null)
        {
            scope.Set(code.Star, Runtime.Tuple([.. arguments.Positional.Skip(code.Parameters.Count)]), Position);
        }
        else if (arguments.Count > code.Parameters.Count)
        {
            throw Mismatch(code, required, arguments.Count);
        }

        PyDict rest = Runtime.Dict();
        foreach ((string name, object value) in arguments.Named ?? new Dictionary<string, object>())
        {
            if (used!.Contains(name))
            {
                continue;
            }

            if (code.StarStar is null)
            {
                throw PyRaise.TypeError($"{code.Name}() got an unexpected keyword argument '{name}'");
            }

            Runtime.SetItem(rest, new PyString(name), value);
        }

        if (code.StarStar is not null)
        {
            scope.Set(code.StarStar, rest, Position);
        }
    }

    private static PyRaise Mismatch(XmFunctionCode code, int required, int given)
    {
        int count = code.Parameters.Count;
        string how = code.Star is not null || count != required
            ? (given < required ? "at least" : "at most")
            : "exactly";
        int wanted = how == "at least" ? required : count;
        string wantedText = wanted == 0 ? "no arguments" : $"{how} {wanted} argument{(wanted == 1 ? string.Empty : "s")}";
        return PyRaise.TypeError($"{code.Name}() takes {wantedText} ({given} given)");
    }

    private object Attribute(object target, XmAttribute attribute)
    {
        string name = attribute.Name;
        Runtime.Budget.Step();
        Position = attribute.Position;
        switch (target)
        {
            case PyModule module:
                return PyModules.Member(module, name);
            case PyString text when PyStringMethods.Has(name):
                return new PyBuiltin(name, a => PyStringMethods.Call(Runtime, text, a)!);
            case PyString when name is "encode" or "decode" or "translate":
                throw XmRefusal.Unsupported($"the method '{name}'");
            case PyList or PyTuple or PyDict or PySet when PyCollectionMethods.Has(target, name):
                return new PyBuiltin(name, a => PyCollectionMethods.Call(Runtime, target, a));
            case PyPattern pattern when name is "search" or "match" or "findall" or "sub" or "split":
                return new PyBuiltin(name, a => Modules.Regex.CallPattern(pattern, a));
            case PyPattern pattern when name == "pattern":
                return new PyString(pattern.Source);
            case PyMatch match when name is "group" or "groups" or "groupdict" or "start" or "end" or "span":
                return new PyBuiltin(name, a => Modules.Regex.CallMatch(match, a));
            case PyXmVars vars when name is "var" or "check":
                int position = attribute.Position;
                return new PyBuiltin(name, a => XmVarsMethods.Call(Runtime, vars, Module, position, a));
            case PyStream when name is "write" or "flush":
                return new PyBuiltin(name, a => Write(a));
            case PyException error when name == "args":
                return new PyTuple(error.Arguments);
            case PyException error when name == "message":
                return error.Arguments.Count == 1 ? error.Arguments[0] : new PyString(string.Empty);
            case PyType { Name: "dict" } when name == "fromkeys":
                return new PyBuiltin(name, FromKeys);
            case PyType or PyExceptionType or PyFunction when name == "__name__":
                return new PyString((target as PyType)?.Name ?? (target as PyExceptionType)?.Name ?? ((PyFunction)target).Code.Name);
            case PyType { Name: "str" or "dict" or "list" or "unicode" } or PyXmVars:
                throw XmRefusal.Unsupported($"the attribute '{name}' of {PyType.NameOf(target)}");
            case PyList or PyTuple or PyDict or PySet or PyString when name.StartsWith("__", StringComparison.Ordinal):
                throw XmRefusal.Unsupported($"the attribute '{name}'");
            default:
                throw PyRaise.Of("AttributeError", $"'{PyType.NameOf(target)}' object has no attribute '{name}'");
        }
    }

    private PyDict FromKeys(PyArguments arguments)
    {
        arguments.Expect(1, 2);
        PyDict made = Runtime.Dict();
        foreach (object key in Runtime.Iterate(arguments[0]))
        {
            Runtime.SetItem(made, key, arguments.Count > 1 ? arguments[1] : PyNone.Value);
        }

        return made;
    }

    private PyNone Write(PyArguments arguments)
    {
        if (arguments.Name == "write")
        {
            arguments.Expect(1, 1);
            Print(arguments.Text(0));
        }

        return PyNone.Value;
    }

    // Lines become messages; the last one may lack its end.
    private void Print(string text)
    {
        Runtime.Budget.AllocateText(text.Length);
        foreach (string part in text.Split('\n').Select((part, i) => i == 0 ? part : "\n" + part))
        {
            if (part.StartsWith('\n'))
            {
                _say(XmMessageKind.Printed, _printed.ToString());
                _printed.Clear();
            }

            _printed.Append(part.TrimStart('\n'));
        }
    }

    private void EndLine()
    {
        if (_printed.Length > 0)
        {
            _say(XmMessageKind.Printed, _printed.ToString().TrimEnd(' '));
            _printed.Clear();
        }
    }
}
