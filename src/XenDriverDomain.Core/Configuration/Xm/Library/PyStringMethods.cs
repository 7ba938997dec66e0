using XenDriverDomain.Configuration.Xm.Running;
using XenDriverDomain.Configuration.Xm.Values;

namespace XenDriverDomain.Configuration.Xm.Library;

/// <summary>The methods of str (Python 2 Library Reference, 5.6.1).</summary>
internal static class PyStringMethods
{
    private const string White = " \t\n\r\f\v";

    /// <summary>Calls a method; null when str has none of that name that is known here.</summary>
    public static object? Call(XmRuntime run, PyString self, PyArguments arguments)
    {
        string text = self.Text;
        run.Budget.Work(8L * text.Length);
        switch (arguments.Name)
        {
            case "upper":
                return Same(run, self, arguments, Map(text, char.IsAsciiLetterLower));
            case "lower":
                return Same(run, self, arguments, Map(text, char.IsAsciiLetterUpper));
            case "swapcase":
                return Same(run, self, arguments, Map(text, char.IsAsciiLetter));
            case "capitalize":
                return Same(run, self, arguments, text.Length == 0
                    ? text
                    : Map(text[..1], char.IsAsciiLetterLower) + Map(text[1..], char.IsAsciiLetterUpper));
            case "title":
                return Same(run, self, arguments, Title(text));
            case "strip":
                return Strip(run, self, arguments, true, true);
            case "lstrip":
                return Strip(run, self, arguments, true, false);
            case "rstrip":
                return Strip(run, self, arguments, false, true);
            case "split":
                return Split(run, self, arguments, false);
            case "rsplit":
                return Split(run, self, arguments, true);
            case "splitlines":
                return SplitLines(run, self, arguments);
            case "join":
                return Join(run, self, arguments);
            case "replace":
                return Replace(run, self, arguments);
            case "startswith" or "endswith":
                return StartsOrEnds(self, arguments);
            case "find" or "rfind" or "index" or "rindex" or "count":
                return Find(run, self, arguments);
            case "partition" or "rpartition":
                return Partition(run, self, arguments);
            case "zfill":
                arguments.Expect(1, 1);
                bool hasSign = text.Length > 0 && text[0] is '+' or '-';
                int width = Width(run, arguments);
                string filled = hasSign ? text[0] + text[1..].PadLeft(Math.Max(0, width - 1), '0') : text.PadLeft(width, '0');
                return run.Text(filled, self.IsUnicode);
            case "ljust" or "rjust" or "center":
                return Pad(run, self, arguments);
            case "format":
                return new PyBraceFormat(run, arguments).Format(self);
            case "isdigit":
                return Every(arguments, text, char.IsAsciiDigit);
            case "isalpha":
                return Every(arguments, text, char.IsAsciiLetter);
            case "isalnum":
                return Every(arguments, text, char.IsAsciiLetterOrDigit);
            case "isspace":
                return Every(arguments, text, c => White.Contains(c));
            case "isupper":
                arguments.Expect(0, 0);
                return text.Any(char.IsAsciiLetterUpper) && !text.Any(char.IsAsciiLetterLower);
            case "islower":
                arguments.Expect(0, 0);
                return text.Any(char.IsAsciiLetterLower) && !text.Any(char.IsAsciiLetterUpper);
            case "expandtabs":
                arguments.Expect(0, 1);
                return ExpandTabs(run, self, arguments.Count > 0 ? (int)Math.Clamp(arguments.Long(0), 0, 1000) : 8);
            default:
                return null;
        }
    }

    public static bool Has(string name) => name is "upper" or "lower" or "swapcase" or "capitalize" or "title" or "strip" or "lstrip"
        or "rstrip" or "split" or "rsplit" or "splitlines" or "join" or "replace" or "startswith" or "endswith" or "find" or "rfind"
        or "index" or "rindex" or "count" or "partition" or "rpartition" or "zfill" or "ljust" or "rjust" or "center" or "format"
        or "isdigit" or "isalpha" or "isalnum" or "isspace" or "isupper" or "islower" or "expandtabs";

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

    private static PyString Strip(XmRuntime run, PyString self, PyArguments arguments, bool atStart, bool atEnd)
    {
        arguments.Expect(0, 1);
        ReadOnlySpan<char> white = arguments.Count == 0 || arguments[0] is PyNone ? White : arguments.Text(0);
        run.Budget.Work((long)self.Text.Length * Math.Min(white.Length, 64));
        ReadOnlySpan<char> rest = self.Text;
        rest = white.IsEmpty ? rest : atStart && atEnd ? rest.Trim(white) : atStart ? rest.TrimStart(white) : rest.TrimEnd(white);
        return run.Text(rest.ToString(), self.IsUnicode, self.Origin);
    }

    private static PyList Split(XmRuntime run, PyString self, PyArguments arguments, bool fromRight)
    {
        arguments.ExpectNames();
        if (arguments.Count > 2)
        {
            arguments.Expect(0, 2);
        }

        long most = arguments.Count > 1 ? arguments.Long(1) : -1;
        most = most < 0 ? int.MaxValue : most;
        string text = self.Text;
        List<(int Start, int End)> parts = [];
        if (arguments.Count == 0 || arguments[0] is PyNone)
        {
            parts = fromRight ? WordsFromRight(text, most) : Words(text, most);
        }
        else
        {
            string separator = arguments.Text(0);
            if (separator.Length == 0)
            {
                throw PyRaise.ValueError("empty separator");
            }

            if (fromRight)
            {
                int end = text.Length;
                for (int at; most-- > 0 && end >= separator.Length
                    && (at = text.LastIndexOf(separator, end - 1, StringComparison.Ordinal)) >= 0;)
                {
                    parts.Add((at + separator.Length, end));
                    end = at;
                }

                parts.Add((0, end));
                parts.Reverse();
            }
            else
            {
                int start = 0;
                for (int at; most-- > 0 && (at = text.IndexOf(separator, start, StringComparison.Ordinal)) >= 0;)
                {
                    parts.Add((start, at));
                    start = at + separator.Length;
                }

                parts.Add((start, text.Length));
            }
        }

        run.Budget.AllocateItems(parts.Count * 3L);
        return run.List(parts.Select(p => run.Text(text[p.Start..p.End], self.IsUnicode, self.Origin)));
    }

    private static List<(int Start, int End)> Words(string text, long most)
    {
        List<(int Start, int End)> words = [];
        for (int i = 0; ;)
        {
            while (i < text.Length && White.Contains(text[i]))
            {
                i++;
            }

            if (i == text.Length)
            {
                return words;
            }

            if (most-- == 0)
            {
                words.Add((i, text.Length));
                return words;
            }

            int start = i;
            while (i < text.Length && !White.Contains(text[i]))
            {
                i++;
            }

            words.Add((start, i));
        }
    }

    private static List<(int Start, int End)> WordsFromRight(string text, long most)
    {
        List<(int Start, int End)> words = [];
        for (int i = text.Length; ;)
        {
            while (i > 0 && White.Contains(text[i - 1]))
            {
                i--;
            }

            if (i == 0)
            {
                break;
            }

            if (most-- == 0)
            {
                words.Add((0, i));
                break;
            }

            int end = i;
            while (i > 0 && !White.Contains(text[i - 1]))
            {
                i--;
            }

            words.Add((i, end));
        }

        words.Reverse();
        return words;
    }

    private static PyList SplitLines(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(0, 1);
        bool keeps = arguments.Count > 0 && XmRuntime.IsTrue(arguments[0]);
        List<object> lines = [];
        string text = self.Text;
        for (int start = 0; start < text.Length;)
        {
            int end = text.AsSpan(start).IndexOfAny('\r', '\n');
            int stop = end < 0 ? text.Length : start + end;
            int next = end < 0 ? stop : text[stop] == '\r' && stop + 1 < text.Length && text[stop + 1] == '\n' ? stop + 2 : stop + 1;
            lines.Add(run.Text(text[start..(keeps ? next : stop)], self.IsUnicode, self.Origin));
            start = next;
        }

        return run.List(lines);
    }

    private static PyString Join(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(1, 1);
        List<string> parts = [];
        bool isUnicode = self.IsUnicode;
        long length = 0;
        int origin = -1;
        foreach (object item in run.Iterate(arguments[0]))
        {
            if (item is not PyString part)
            {
                throw PyRaise.TypeError($"sequence item {parts.Count}: expected string, {PyType.NameOf(item)} found");
            }

            length += part.Text.Length + self.Text.Length;
            run.Budget.Allocate(16 + part.Text.Length + self.Text.Length);
            isUnicode |= part.IsUnicode;
            origin = origin < 0 ? part.Origin : origin;
            parts.Add(part.Text);
        }

        run.Budget.AllocateText(length);
        return new PyString(string.Join(self.Text, parts), isUnicode, origin);
    }

    private static PyString Replace(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(2, 3);
        string old = arguments.Text(0);
        string with = arguments.Text(1);
        long most = arguments.Count > 2 ? arguments.Long(2) : -1;
        most = most < 0 ? int.MaxValue : most;
        string text = self.Text;
        System.Text.StringBuilder made = new();
        int start = 0;
        while (most-- > 0)
        {
            // An empty text is found before each character and at the end.
            int at = old.Length == 0
                ? (made.Length == 0 && start == 0 ? 0 : start + 1)
                : text.IndexOf(old, start, StringComparison.Ordinal);
            if (at < 0 || at > text.Length)
            {
                break;
            }

            run.Budget.AllocateText(with.Length + at - start);
            made.Append(text, start, at - start).Append(with);
            start = at + old.Length;
            if (old.Length == 0 && with.Length == 0)
            {
                break;
            }
        }

        made.Append(text, start, text.Length - start);
        return run.Text(made.ToString(), self.IsUnicode, self.Origin);
    }

    private static bool StartsOrEnds(PyString self, PyArguments arguments)
    {
        arguments.Expect(1, 3);
        (int start, int end) = Range(self.Text, arguments);
        bool atStart = arguments.Name == "startswith";
        if (start > end || start > self.Text.Length)
        {
            return false;
        }

        string within = self.Text[start..end];
        IReadOnlyList<object> candidates = arguments[0] is PyTuple tuple ? tuple.Items : [arguments[0]];
        return candidates.Any(c => c is not PyString part
            ? throw PyRaise.TypeError($"{arguments.Name} first arg must be str, unicode, or tuple, not {PyType.NameOf(c)}")
            : atStart ? within.StartsWith(part.Text, StringComparison.Ordinal) : within.EndsWith(part.Text, StringComparison.Ordinal));
    }

    private static (int Start, int End) Range(string text, PyArguments arguments)
    {
        return (Edge(1, 0), Math.Max(0, Edge(2, text.Length)));

        int Edge(int index, int fallback)
        {
            if (index >= arguments.Count || arguments[index] is PyNone)
            {
                return fallback;
            }

            long at = arguments.Long(index);
            return (int)Math.Clamp(at < 0 ? at + text.Length : at, 0, index == 1 ? text.Length + 1L : text.Length);
        }
    }

    private static long Find(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(1, 3);
        string part = arguments.Text(0);
        (int start, int end) = Range(self.Text, arguments);
        run.Budget.Work(8L * self.Text.Length * Math.Clamp(part.Length, 1, 64));
        if (arguments.Name == "count")
        {
            return start > end ? 0 : Count(self.Text[start..end], part);
        }

        int at = -1;
        if (start <= end)
        {
            ReadOnlySpan<char> within = self.Text.AsSpan(start, end - start);
            at = arguments.Name[0] == 'r' ? (part.Length == 0 ? within.Length : within.LastIndexOf(part)) : within.IndexOf(part);
        }

        return at >= 0 ? at + start
            : arguments.Name is "index" or "rindex" ? throw PyRaise.ValueError("substring not found")
            : -1;
    }

    private static long Count(string text, string part)
    {
        if (part.Length == 0)
        {
            return text.Length + 1;
        }

        long count = 0;
        for (int at = text.IndexOf(part, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static PyTuple Partition(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(1, 1);
        string separator = arguments.Text(0);
        if (separator.Length == 0)
        {
            throw PyRaise.ValueError("empty separator");
        }

        bool fromRight = arguments.Name == "rpartition";
        string text = self.Text;
        int at = fromRight ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        PyString empty = new(string.Empty, self.IsUnicode);
        return at >= 0 ? run.Tuple(Part(text[..at]), Part(separator), Part(text[(at + separator.Length)..]))
            : fromRight ? run.Tuple(empty, empty, self)
            : run.Tuple(self, empty, empty);

        PyString Part(string value) => run.Text(value, self.IsUnicode, self.Origin);
    }

    private static int Width(XmRuntime run, PyArguments arguments)
    {
        long width = Math.Clamp(arguments.Long(0), 0, int.MaxValue / 4);
        run.Budget.AllocateText(width);
        return (int)width;
    }

    private static PyString Pad(XmRuntime run, PyString self, PyArguments arguments)
    {
        arguments.Expect(1, 2);
        string fill = arguments.Count > 1 ? arguments.Text(1) : " ";
        if (fill.Length != 1)
        {
            throw PyRaise.TypeError($"{arguments.Name}() argument 2 must be char, not str");
        }

        int width = Width(run, arguments);
        string text = self.Text;
        int missing = Math.Max(0, width - text.Length);

        // CPython rounds the left half of center() in its own way.
        int left = (missing / 2) + (missing & width & 1);
        return run.Text(
            arguments.Name switch
            {
                "ljust" => text.PadRight(width, fill[0]),
                "rjust" => text.PadLeft(width, fill[0]),
                _ => text.PadLeft(text.Length + left, fill[0]).PadRight(text.Length + missing, fill[0]),
            },
            self.IsUnicode,
            self.Origin);
    }

    private static PyString ExpandTabs(XmRuntime run, PyString self, int size)
    {
        System.Text.StringBuilder made = new();
        int column = 0;
        foreach (char c in self.Text)
        {
            int count = c != '\t' ? 1 : size == 0 ? 0 : size - (column % size);
            run.Budget.AllocateText(count);
            made.Append(c == '\t' ? ' ' : c, count);
            column = c is '\n' or '\r' ? 0 : column + count;
        }

        return run.Text(made.ToString(), self.IsUnicode, self.Origin);
    }
}
