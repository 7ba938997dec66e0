using System.Collections.Frozen;
using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The methods of str (Python 2 Library Reference, 5.6.1).</summary>
internal static class PyStringMethods
{
    /// <summary>What str itself takes for white space.</summary>
    public const string White = " \t\n\r\f\v";

    private static readonly FrozenDictionary<string, Method> s_methods = new Dictionary<string, Method>
    {
        ["upper"] = (run, self, a) => Same(run, self, a, Map(self.Text, char.IsAsciiLetterLower)),
        ["lower"] = (run, self, a) => Same(run, self, a, Map(self.Text, char.IsAsciiLetterUpper)),
        ["swapcase"] = (run, self, a) => Same(run, self, a, Map(self.Text, char.IsAsciiLetter)),
        ["capitalize"] = (run, self, a) => Same(run, self, a, Capital(self.Text)),
        ["title"] = (run, self, a) => Same(run, self, a, Title(self.Text)),
        ["strip"] = Strip,
        ["lstrip"] = Strip,
        ["rstrip"] = Strip,
        ["split"] = PyStringParts.Split,
        ["rsplit"] = PyStringParts.Split,
        ["splitlines"] = PyStringParts.SplitLines,
        ["partition"] = PyStringParts.Partition,
        ["rpartition"] = PyStringParts.Partition,
        ["join"] = PyStringParts.Join,
        ["replace"] = PyStringSearch.Replace,
        ["startswith"] = (_, self, a) => PyStringSearch.StartsOrEnds(self, a),
        ["endswith"] = (_, self, a) => PyStringSearch.StartsOrEnds(self, a),
        ["find"] = (run, self, a) => PyStringSearch.Find(run, self, a),
        ["rfind"] = (run, self, a) => PyStringSearch.Find(run, self, a),
        ["index"] = (run, self, a) => PyStringSearch.Find(run, self, a),
        ["rindex"] = (run, self, a) => PyStringSearch.Find(run, self, a),
        ["count"] = (run, self, a) => PyStringSearch.Find(run, self, a),
        ["ljust"] = PyStringPadding.Pad,
        ["rjust"] = PyStringPadding.Pad,
        ["center"] = PyStringPadding.Pad,
        ["zfill"] = PyStringPadding.ZeroFill,
        ["expandtabs"] = PyStringPadding.ExpandTabs,
        ["format"] = (run, self, a) => new PyBraceFormat(run, a).Format(self),
        ["isdigit"] = (_, self, a) => Every(a, self.Text, char.IsAsciiDigit),
        ["isalpha"] = (_, self, a) => Every(a, self.Text, char.IsAsciiLetter),
        ["isalnum"] = (_, self, a) => Every(a, self.Text, char.IsAsciiLetterOrDigit),
        ["isspace"] = (_, self, a) => Every(a, self.Text, White.Contains),
        ["isupper"] = (_, self, a) => HasLetters(a, self.Text, char.IsAsciiLetterUpper, char.IsAsciiLetterLower),
        ["islower"] = (_, self, a) => HasLetters(a, self.Text, char.IsAsciiLetterLower, char.IsAsciiLetterUpper),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate object Method(XmRuntime run, PyString self, PyArguments arguments);

    /// <summary>Whether str has a method of this name that is known here.</summary>
    public static bool Has(string name) => s_methods.ContainsKey(name);

    /// <summary>Calls a method; null when str has none of that name that is known here.</summary>
    public static object? Call(XmRuntime run, PyString self, PyArguments arguments)
    {
        run.Budget.Work(8L * self.Text.Length);
        return s_methods.GetValueOrDefault(arguments.Name)?.Invoke(run, self, arguments);
    }

    private static PyString Same(XmRuntime run, PyString self, PyArguments arguments, string text)
    {
        arguments.Expect(0, 0);
        return run.Text(text, self.IsUnicode, self.Origin);
    }

    private static string Map(string text, Func<char, bool> flips) =>
        string.Create(text.Length, (text, flips), static (span, state) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                char c = state.text[i];
                span[i] = state.flips(c) ? (char)(c ^ 0x20) : c;
            }
        });

    private static string Capital(string text) => text.Length == 0
        ? text
        : Map(text[..1], char.IsAsciiLetterLower) + Map(text[1..], char.IsAsciiLetterUpper);

    private static string Title(string text)
    {
        char[] made = text.ToCharArray();
        for (int i = 0; i < made.Length; i++)
        {
            bool isFirst = i == 0 || !char.IsAsciiLetter(text[i - 1]);
            made[i] = isFirst ? char.ToUpperInvariant(made[i]) : char.IsAsciiLetterUpper(made[i]) ? (char)(made[i] | 0x20) : made[i];
        }

        return new string(made);
    }

    private static object Every(PyArguments arguments, string text, Func<char, bool> belongs)
    {
        arguments.Expect(0, 0);
        return text.Length > 0 && text.All(belongs);
    }

    private static object HasLetters(PyArguments arguments, string text, Func<char, bool> some, Func<char, bool> none)
    {
        arguments.Expect(0, 0);
        return text.Any(some) && !text.Any(none);
    }

    private static PyString Strip(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(0, 1);
        ReadOnlySpan<char> white = arguments.Count == 0 || arguments[0] is PyNone ? White : arguments.Text(0);
        run.Budget.Work((long)self.Text.Length * Math.Min(white.Length, 64));
        ReadOnlySpan<char> rest = self.Text;
        if (!white.IsEmpty)
        {
            rest = arguments.Name switch
            {
                "lstrip" => rest.TrimStart(white),
                "rstrip" => rest.TrimEnd(white),
                _ => rest.Trim(white),
            };
        }

        return run.Text(rest.ToString(), self.IsUnicode, self.Origin);
    }
}
