using System.Globalization;
using System.Text;
using XenDriverDomain.Xm;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Tests.Configuration.Xm;

/// <summary>The hand-written xm files, and what our reader makes of one, in the words of Corpus/harness.py.</summary>
internal static class XmCorpus
{
    public static string Root => Path.Combine(AppContext.BaseDirectory, "Configuration", "Xm", "Corpus");

    public static string[] Files(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Root, folder), "*.xm").Order(StringComparer.Ordinal)];

    /// <summary>The file's name, a tab, and its variables; or <c>!</c> and the name of the exception, and its text.</summary>
    public static string Run(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        string text = File.ReadAllText(file);
        List<KeyValuePair<string, string>> variables = [];
        foreach (string line in text.Split('\n').Where(l => l.StartsWith("# variables: ", StringComparison.Ordinal)))
        {
            variables.AddRange(line[13..].Split(' ').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1])));
        }

        try
        {
            XmResult result = XmFile.Run(text, name, new XmRunOptions { Variables = variables });
            IEnumerable<string> settings = result.Settings
                .Where(s => s.Name[0] != '_')
                .OrderBy(s => s.Name, StringComparer.Ordinal)
                .Select(s => $"{s.Name}={Write(s.Value)}");
            IEnumerable<string> printed = result.Messages
                .Where(m => m.Kind == XmMessageKind.Printed)
                .Select(m => "print " + Quote(m.Text.TrimEnd()));
            return name + "\t" + string.Join('\t', settings.Concat(printed));
        }
        catch (XmException error) when (error.InnerException is PyRaise raised)
        {
            string said = raised.Value.Arguments is [PyString one] ? one.Text : string.Empty;
            said = raised.Value.Type.Name == "KeyError" ? $"'{said}'" : said;
            return $"{name}\t!{raised.Value.Type.Name}\t{Quote(said)}";
        }
        catch (XmException error)
        {
            return $"{name}\t?{error.Fault} {error.Message}";
        }
    }

    private static string Write(XmValue value) => value.Kind switch
    {
        XmValueKind.None or XmValueKind.Boolean => value.Text!,
        XmValueKind.Number => value.Text + (value.PythonType == "long" ? "L" : string.Empty),
        XmValueKind.Real => "f" + XenDriverDomain.Xm.Running.PyFormatNumber.General(value.Real!.Value, 10, false),
        XmValueKind.Text => (value.PythonType == "unicode" ? "u" : string.Empty) + Quote(value.Text!),
        XmValueKind.List => $"[{string.Join(", ", value.Items.Select(Write))}]",
        XmValueKind.Tuple => $"({string.Join(", ", value.Items.Select(Write))})",
        XmValueKind.Set => $"<{string.Join(", ", value.Items.Select(Write).Order(StringComparer.Ordinal))}>",
        _ => $"{{{string.Join(", ", value.Items.Chunk(2).Select(p => $"{Write(p[0])}: {Write(p[1])}").Order(StringComparer.Ordinal))}}}",
    };

    // Text that is no UTF-8 comes as bytes.
    private static string Quote(string text)
    {
        byte[] bytes = (text.Contains('\xff') ? Encoding.Latin1 : Encoding.UTF8).GetBytes(text);
        return "'" + string.Concat(bytes.Select(b => b is >= 32 and < 127 and not 39 and not 92
            ? ((char)b).ToString()
            : string.Create(CultureInfo.InvariantCulture, $"\\x{b:x2}"))) + "'";
    }
}
