using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The methods of str that look for a text in it.</summary>
internal static class PyStringSearch
{
    public static long Find(XmRuntime run, PyString self, PyArguments arguments)
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

    public static bool StartsOrEnds(PyString self, PyArguments arguments)
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

    public static PyString Replace(XmRuntime run, PyString self, PyArguments arguments)
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
}
