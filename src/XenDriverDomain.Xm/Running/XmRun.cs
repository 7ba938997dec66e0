using System.Text;
using XenDriverDomain.Xm.Syntax;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>One run of a file: the variables of the command line before it, its settings and errors after it.</summary>
internal sealed class XmRun
{
    private const int MaxMessages = 200;

    private readonly XmSource _source;
    private readonly string? _fileName;
    private readonly XmRunOptions _options;
    private readonly XmEvaluator _evaluator;
    private readonly List<XmMessage> _messages = [];
    private readonly HashSet<string> _remarks = new(StringComparer.Ordinal);
    private readonly PyXmVars _wanted = new();

    public XmRun(XmSource source, string? fileName, XmRunOptions options)
    {
        _source = source;
        _fileName = fileName;
        _options = options;
        _evaluator = new XmEvaluator(options, Say);
    }

    /// <summary>The variables that the file wanted from the command line, as far as it got.</summary>
    public IReadOnlyList<XmWantedVariable> WantedVariables =>
        [.. _wanted.Wanted.Select(w => new XmWantedVariable(w.Name, w.Use is PyString use ? Decode(use.Text) : string.Empty))];

    public XmResult Run(IReadOnlyList<XmStatement> statements)
    {
        List<XmSetting> fromCommandLine = XmCommandLine.Read(_options.Variables, _evaluator.Runtime);
        XmScope module = _evaluator.Module;
        foreach ((string name, string value) in _options.Variables)
        {
            if (XmOptions.KindOf(name) is null)
            {
                module.Set(name, new PyString(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value))), -1);
            }
        }

        module.Set("xm_vars", _wanted, -1);
        module.Set("xm_file", new PyString(_fileName ?? string.Empty), -1);
        module.Set("xm_help", 0L, -1);
        foreach (string name in (string[])["os", "sys"])
        {
            module.Set(name, _evaluator.Modules.Get(name), -1);
        }

        try
        {
            _evaluator.RunModule(statements);
            List<XmSetting> settings = [.. module.Variables.Where(v => IsSetting(v.Value))
                .Select(v => new XmSetting(v.Key, ToValue(v.Value.Value, v.Value.Position), LocationOf(v.Value.Position)))];
            settings.RemoveAll(s => fromCommandLine.Exists(c => c.Name == s.Name));
            return new XmResult([.. settings, .. fromCommandLine], _messages, WantedVariables);
        }
        catch (PyRaise error)
        {
            throw Failed(error);
        }
        catch (XmRefusal refusal)
        {
            throw _source.Error(refusal.Fault, _evaluator.Position, refusal.Message, refusal.Remedy, refusal);
        }
        catch (Exception limit) when (limit is XmLimitException or InsufficientExecutionStackException)
        {
            throw _source.Error(
                XmFault.LimitExceeded,
                _evaluator.Position,
                limit.Message.TrimEnd('.'),
                "If the file is right, work out its values and write them as plain assignments.",
                limit);
        }
    }

    private static bool IsSetting(XmVariable variable) => variable.Position >= 0
        && (PyMath.IsNumber(variable.Value) || variable.Value is PyNone or PyString or PyList or PyTuple or PyDict or PySet);

    private XmException Failed(PyRaise error)
    {
        string said = _evaluator.Runtime.Repr.StrOf(error.Value);
        string text = said.Length > 0 ? ": " + Quotation.Cut(Decode(said)) : string.Empty;
        string hint = error.Value.Type.Name is "NameError"
            ? "If it is a variable of xm's command line (vmid=3), give it with -Variable @{ vmid = 3 }; else put a text into quotes."
            : "The file itself refuses to go on: correct the variable that it complains about, or the file.";
        return _source.Error(
            XmFault.ScriptFailed,
            error.Position >= 0 ? error.Position : _evaluator.Position,
            $"the file ends with {error.Value.Type.Name}{text}",
            hint,
            error);
    }

    private XmLocation LocationOf(int position) => position < 0 ? new XmLocation(_fileName, 0, 0) : _source.LocationOf(position);

    private void Say(XmMessageKind kind, string text)
    {
        if (_messages.Count < MaxMessages && (kind == XmMessageKind.Printed || _remarks.Add(text)))
        {
            _messages.Add(new XmMessage(kind, LocationOf(_evaluator.Position), Decode(text)));
        }
    }

    // A str that is UTF-8 is shown as what it means; any other stays a text of bytes.
    private static string Decode(string bytes)
    {
        if (Ascii.IsValid(bytes) || bytes.Any(c => c > '\xff'))
        {
            return bytes;
        }

        try
        {
            return new UTF8Encoding(false, true).GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            return bytes;
        }
    }

    private XmValue ToValue(object value, int position)
    {
        XmBudget budget = _evaluator.Runtime.Budget;

        // One object many times over becomes as many values, each with its place and its text.
        budget.Allocate(480);
        budget.Step(6);
        XmLocation location = LocationOf(value is PyString { Origin: >= 0 } text ? text.Origin : position);
        string type = PyType.NameOf(value);
        switch (value)
        {
            case PyString s:
                return new XmValue(XmValueKind.Text, type, location) { Text = s.IsUnicode ? s.Text : Decode(s.Text) };
            case PyNone:
                return new XmValue(XmValueKind.None, type, location) { Text = "None" };
            case double real:
                return new XmValue(XmValueKind.Real, type, location) { Real = real, Text = _evaluator.Runtime.Repr.Str(real) };
            case bool or long or System.Numerics.BigInteger:
                XmValueKind kind = value is bool ? XmValueKind.Boolean : XmValueKind.Number;
                return new XmValue(kind, type, location) { Number = PyMath.ToBig(value), Text = _evaluator.Runtime.Repr.Str(value) };
        }

        budget.Enter();
        (XmValueKind of, IEnumerable<object> items) = value switch
        {
            PyList list => (XmValueKind.List, list.Items),
            PyTuple tuple => (XmValueKind.Tuple, tuple.Items),
            PyDict dict => (XmValueKind.Dictionary, dict.Entries.SelectMany(e => (object[])[e.Key, e.Value])),
            PySet set => (XmValueKind.Set, set.Items),
            _ => throw XmRefusal.Unsupported($"a {type} within the value of a setting"),
        };
        XmValue made = new(of, type, location) { Items = [.. items.Select(i => ToValue(i, position))] };
        budget.Leave();
        return made;
    }
}
