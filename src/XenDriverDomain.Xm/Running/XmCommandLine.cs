using XenDriverDomain.Xm.Library;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Running;

/// <summary>The options among the variables of the command line, read as xm reads them (opts.py, set_int and its like).</summary>
internal static class XmCommandLine
{
    public static List<XmSetting> Read(
        IReadOnlyList<KeyValuePair<string, string>> variables, XmRuntime run)
    {
        List<XmSetting> settings = [];
        XmLocation nowhere = new("(command line)", 0, 0);
        foreach ((string name, string text) in variables)
        {
            if (XmOptions.KindOf(name) is not XmOptionKind kind)
            {
                continue;
            }

            XmValue plain = new(XmValueKind.Text, "str", nowhere) { Text = text };
            XmValue value = kind switch
            {
                XmOptionKind.Number => Integer(run, name, text, nowhere),
                XmOptionKind.YesNo => YesNo(name, text, nowhere),
                XmOptionKind.List => new XmValue(XmValueKind.List, "list", nowhere)
                {
                    Items = [.. settings.Find(s => s.Name == name)?.Value.Items ?? [], plain],
                },
                _ => plain,
            };
            settings.RemoveAll(s => s.Name == name);
            settings.Add(new XmSetting(name, value, nowhere) { IsFromCommandLine = true });
        }

        return settings;
    }

    private static XmValue Integer(XmRuntime run, string name, string text, XmLocation where)
    {
        try
        {
            object number = PyConversions.ToInt(run, new PyArguments("int", [new PyString(text)], null));
            return new XmValue(XmValueKind.Number, PyType.NameOf(number), where)
            {
                Number = PyMath.ToBig(number),
                Text = run.Repr.Str(number),
            };
        }
        catch (Exception error) when (error is PyRaise or XmLimitException)
        {
            throw Invalid(name, text, where, "a whole number", error);
        }
    }

    private static XmValue YesNo(string name, string text, XmLocation where) => text switch
    {
        "yes" or "y" => new XmValue(XmValueKind.Number, "int", where) { Number = 1, Text = "1" },
        "no" or "n" => new XmValue(XmValueKind.Number, "int", where) { Number = 0, Text = "0" },
        _ => throw Invalid(name, text, where, "yes or no", null),
    };

    private static XmException Invalid(string name, string text, XmLocation where, string wanted, Exception? inner) => new(
        XmFault.VariableInvalid,
        where,
        $"'{name}={Quotation.Cut(text)}' is not {wanted}.",
        $"xm takes {wanted} for {name}.",
        inner);
}
