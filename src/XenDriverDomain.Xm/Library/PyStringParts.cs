using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The methods of str that take it apart and put it together.</summary>
internal static class PyStringParts
{
    public static PyList Split(XmRuntime run, PyString self, PyArguments arguments)
    {
        bool fromRight = arguments.Name == "rsplit";
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

    public static PyList SplitLines(XmRuntime run, PyString self, PyArguments arguments)
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

    public static PyTuple Partition(XmRuntime run, PyString self, PyArguments arguments)
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

    public static PyString Join(XmRuntime run, PyString self, PyArguments arguments)
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

    private static List<(int Start, int End)> Words(string text, long most)
    {
        List<(int Start, int End)> words = [];
        for (int i = 0; ;)
        {
            while (i < text.Length && PyStringMethods.White.Contains(text[i]))
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
            while (i < text.Length && !PyStringMethods.White.Contains(text[i]))
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
            while (i > 0 && PyStringMethods.White.Contains(text[i - 1]))
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
            while (i > 0 && !PyStringMethods.White.Contains(text[i - 1]))
            {
                i--;
            }

            words.Add((i, end));
        }

        words.Reverse();
        return words;
    }
}
