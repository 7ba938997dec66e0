using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>The module re, within a limit of time.</summary>
internal sealed class PyRegex(XmRuntime run)
{
    private const int MaxPattern = 500;
    private const int IgnoreCase = 2;
    private TimeSpan _spent;

    public object Call(PyArguments a)
    {
        switch (a.Name)
        {
            case "compile":
                a.Expect(1, 2);
                return Compile(a[0], a.Count > 1 ? a.Long(1) : 0);
            case "escape":
                a.Expect(1, 1);
                return run.Text(string.Concat(a.Text(0).Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : "\\" + c)));
            case "sub":
                a.Expect(3, 4);
                return Substitute(Compile(a[0], 0), a[1], a.Text(2), a.Count > 3 ? a.Long(3) : 0);
            case "split":
                a.Expect(2, 3);
                return Split(Compile(a[0], 0), a.Text(1), a.Count > 2 ? a.Long(2) : 0);
            default:
                a.Expect(2, 3);
                return Use(a.Name, Compile(a[0], a.Count > 2 ? a.Long(2) : 0), a.Text(1));
        }
    }

    public object CallPattern(PyPattern pattern, PyArguments a)
    {
        switch (a.Name)
        {
            case "sub":
                a.Expect(2, 3);
                return Substitute(pattern, a[0], a.Text(1), a.Count > 2 ? a.Long(2) : 0);
            case "split":
                a.Expect(1, 2);
                return Split(pattern, a.Text(0), a.Count > 1 ? a.Long(1) : 0);
            default:
                a.Expect(1, 1);
                return Use(a.Name, pattern, a.Text(0));
        }
    }

    public object CallMatch(PyMatch match, PyArguments a)
    {
        switch (a.Name)
        {
            case "group":
                return a.Count <= 1
                    ? GroupOf(match, a.Count == 0 ? 0L : a[0], PyNone.Value)
                    : run.Tuple([.. a.Positional.Select(g => GroupOf(match, g, PyNone.Value))]);
            case "groups":
                a.Expect(0, 1);
                object missing = a.Count > 0 ? a[0] : PyNone.Value;
                return run.Tuple([.. Enumerable.Range(1, match.Count).Select(i => GroupOf(match, (long)i, missing))]);
            case "groupdict":
                a.Expect(0, 0);
                PyDict dict = run.Dict();
                foreach ((string name, int number) in match.Names)
                {
                    run.SetItem(dict, new PyString(name), GroupOf(match, (long)number, PyNone.Value));
                }

                return dict;
            default:
                a.Expect(0, 1);
                Group group = Find(match, a.Count > 0 ? a[0] : 0L);
                long start = group.Success ? group.Index : -1;
                long end = group.Success ? group.Index + group.Length : -1;
                return a.Name == "start" ? start : a.Name == "end" ? end : run.Tuple(start, end);
        }
    }

    private static Group Find(PyMatch match, object group)
    {
        int number = group switch
        {
            long n when n >= 0 && n <= match.Count => (int)n,
            PyString name when match.Names.TryGetValue(name.Text, out int n) => n,
            _ => throw PyRaise.Of("IndexError", "no such group"),
        };
        return match.Match.Groups[number];
    }

    private object GroupOf(PyMatch match, object group, object missing)
    {
        Group found = Find(match, group);
        return found.Success ? run.Text(found.Value) : missing;
    }

    private PyPattern Compile(object source, long flags)
    {
        if (source is PyPattern compiled)
        {
            return compiled;
        }

        string text = source is PyString s ? s.Text : throw PyRaise.TypeError("first argument must be string or compiled pattern");
        if ((flags & ~IgnoreCase) != 0)
        {
            throw XmRefusal.Unsupported("this flag of a regular expression");
        }

        if (text.Length > MaxPattern)
        {
            throw new XmLimitException($"a regular expression has more than {MaxPattern} characters");
        }

        // Compiling costs far more than its text shows.
        run.Budget.Step(8_000);
        run.Budget.Allocate(128 * 1024);
        PyRegexTranslator translator = new(text);
        string translated = translator.Translate();
        RegexOptions options = RegexOptions.CultureInvariant
            | (flags != 0 || translator.IgnoresCase ? RegexOptions.IgnoreCase : RegexOptions.None)
            | (translator.Backtracks ? RegexOptions.None : RegexOptions.NonBacktracking);
        try
        {
            return new PyPattern(text, new Regex(translated, options, Left()), translator.Names, translator.Groups);
        }
        catch (NotSupportedException)
        {
            throw new XmLimitException("a regular expression is too large");
        }
        catch (ArgumentException)
        {
            throw PyRaise.Of("error", "bad regular expression: " + text);
        }
    }

    // What one expression may still take; .NET wants more than nothing.
    private TimeSpan Left() =>
        _spent < run.Options.Limits.RegexTime ? run.Options.Limits.RegexTime - _spent : throw TooSlow();

    private static XmLimitException TooSlow() => new("its regular expressions take too long");

    private Match Run(PyPattern pattern, string text, int start)
    {
        if (pattern.Source.Contains("\\b", StringComparison.OrdinalIgnoreCase) && !Ascii.IsValid(text))
        {
            throw XmRefusal.Unsupported("\\b in a regular expression on text other than ASCII");
        }

        Left();
        run.Budget.Step(100);
        run.Budget.Work(16L * text.Length);
        long began = Stopwatch.GetTimestamp();
        try
        {
            return pattern.Regex.Match(text, start);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooSlow();
        }
        finally
        {
            _spent += Stopwatch.GetElapsedTime(began);
        }
    }

    private object Use(string name, PyPattern pattern, string text)
    {
        if (name == "findall")
        {
            return run.List(All(pattern, text, 0).Select(m => pattern.Groups switch
            {
                0 => run.Text(m.Value),
                1 => run.Text(m.Groups[1].Value),
                _ => (object)run.Tuple([.. Enumerable.Range(1, pattern.Groups).Select(i => run.Text(m.Groups[i].Value))]),
            }));
        }

        Match match;
        if (name == "match")
        {
            string anchored = "\\A(?:" + pattern.Regex + ")";
            match = Run(pattern with { Regex = new Regex(anchored, pattern.Regex.Options, Left()) }, text, 0);
            run.Budget.Step(8_000);
        }
        else
        {
            match = Run(pattern, text, 0);
        }

        return match.Success ? new PyMatch(match, pattern.Names, pattern.Groups) : PyNone.Value;
    }

    private IEnumerable<Match> All(PyPattern pattern, string text, long most)
    {
        long count = 0;
        int start = 0;
        while (start <= text.Length && (most <= 0 || count++ < most))
        {
            Match match = Run(pattern, text, start);
            if (!match.Success)
            {
                yield break;
            }

            yield return match;
            start = match.Index + match.Length + (match.Length == 0 ? 1 : 0);
        }
    }

    private PyList Split(PyPattern pattern, string text, long most)
    {
        List<object> parts = [];
        int start = 0;
        long splits = 0;

        // Python 2 does not split at an empty match.
        foreach (Match match in All(pattern, text, 0).Where(m => m.Length > 0))
        {
            if (most > 0 && splits++ == most)
            {
                break;
            }

            parts.Add(run.Text(text[start..match.Index]));
            for (int i = 1; i <= pattern.Groups; i++)
            {
                parts.Add(match.Groups[i].Success ? run.Text(match.Groups[i].Value) : PyNone.Value);
            }

            start = match.Index + match.Length;
        }

        parts.Add(run.Text(text[start..]));
        return run.List(parts);
    }

    private PyString Substitute(PyPattern pattern, object replacement, string text, long most)
    {
        StringBuilder made = new();
        int start = 0;
        int last = -1;
        foreach (Match match in All(pattern, text, most))
        {
            // Python 2 takes no empty match right behind another one.
            if (match.Length == 0 && match.Index == last)
            {
                continue;
            }

            made.Append(text, start, match.Index - start);
            string with = replacement is PyString template
                ? Expand(pattern, match, template.Text)
                : run.CallWith(replacement, new PyMatch(match, pattern.Names, pattern.Groups)) is PyString result
                    ? result.Text
                    : throw PyRaise.TypeError("expected string");
            run.Budget.AllocateText(with.Length + match.Index - start);
            made.Append(with);
            start = last = match.Index + match.Length;
        }

        made.Append(text, start, text.Length - start);
        return run.Text(made.ToString());
    }

    private static string Expand(PyPattern pattern, Match match, string template)
    {
        StringBuilder made = new();
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] != '\\' || i + 1 == template.Length)
            {
                made.Append(template[i]);
                continue;
            }

            char c = template[++i];
            if (c is >= '1' and <= '9')
            {
                made.Append(ValueOf(c - '0'));
            }
            else if (c == 'g' && i + 1 < template.Length && template[i + 1] == '<' && template.IndexOf('>', i) is int close and > 0)
            {
                string name = template[(i + 2)..close];
                made.Append(ValueOf(
                    pattern.Names.TryGetValue(name, out int number) ? number
                    : int.TryParse(name, out number) ? number
                    : throw PyRaise.Of("IndexError", "unknown group name")));
                i = close;
            }
            else
            {
                made.Append(c switch { 'n' => "\n", 't' => "\t", 'r' => "\r", '\\' => "\\", _ => "\\" + c });
            }
        }

        return made.ToString();

        string ValueOf(int number) => number > pattern.Groups ? throw PyRaise.Of("error", "invalid group reference")
            : match.Groups[number].Success ? match.Groups[number].Value
            : throw PyRaise.Of("error", "unmatched group");
    }
}
