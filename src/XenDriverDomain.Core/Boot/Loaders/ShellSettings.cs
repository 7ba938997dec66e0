using System.Text;

namespace XenDriverDomain.Boot.Loaders;

/// <summary>
/// Assignments of files that a shell reads for its settings, such as /etc/default/grub. Quotes, backslashes, comments and references to
/// other variables are understood; what would have to be run is not, and neither is an assignment in a condition.
/// </summary>
internal sealed class ShellSettings
{
    // More than a kernel takes; a variable that has itself twice would double with each line.
    private const int LongestValue = 64 * 1024;

    private readonly Dictionary<string, string?> _values = new(StringComparer.Ordinal);
    private readonly List<ShellAssignment> _assignments = [];

    /// <summary>All assignments, in the order in which they are carried out.</summary>
    public IReadOnlyList<ShellAssignment> Assignments => _assignments;

    /// <summary>
    /// The file at whose end a quote, a condition or a line is still open; null when there is none. Nothing can be put behind it.
    /// </summary>
    public string? Unfinished { get; private set; }

    /// <summary>Reads a file after those read before.</summary>
    public void Read(string path, string text)
    {
        int depth = 0, line = 1, counted = 0;
        bool isConditional = false, isFirst = true;
        int at = 0;
        while (at < text.Length)
        {
            char c = text[at];
            if (c is ' ' or '\t' or '\r')
            {
                at++;
            }
            else if (c == '\\' && at + 1 < text.Length && text[at + 1] == '\n')
            {
                at += 2;
            }
            else if (c == '#')
            {
                at = EndOfLine(text, at);
            }
            else if (c is '\n' or ';' or '&' or '|')
            {
                isConditional = c is '&' or '|';
                isFirst = true;
                at++;
            }
            else if (c is '(' or ')' or '<' or '>')
            {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                at++;
            }
            else
            {
                int start = at;
                at = EndOfWord(text, at, out bool isOpen);
                Unfinished = isOpen ? path : Unfinished;
                string word = text[start..at];
                if (isFirst)
                {
                    line += text.AsSpan(counted, start - counted).Count('\n');
                    counted = start;
                    depth += word is "if" or "case" or "for" or "while" or "until" or "{"
                        ? 1
                        : word is "fi" or "esac" or "done" or "}" ? -1 : 0;

                    // A parenthesis right behind a value is bash's array, or nothing that a shell reads.
                    bool isOdd = at < text.Length && text[at] == '(';
                    Take(path, line, start, word, depth > 0 || isConditional || isOdd);
                    isFirst = word is "then" or "else" or "do" or "elif" or "export" or "if" || IsAssignment(word, out _);
                }
            }
        }

        Unfinished = depth != 0 || isConditional || text.EndsWith("\\\n", StringComparison.Ordinal) ? path : Unfinished;
    }

    /// <summary>The value of a variable; empty when it was never set, null when it cannot be known.</summary>
    public string? ValueOf(string name) => _values.TryGetValue(name, out string? value) ? value : string.Empty;

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;

    private static int EndOfWord(string text, int at, out bool isOpen)
    {
        char quote = '\0';
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '\\' && quote != '\'')
            {
                at++;
            }
            else if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'' or '`')
            {
                quote = c;
            }
            else if (c == '(' && text[at - 1] == '$')
            {
                at = EndOfSubstitution(text, at) - 1;
            }
            else if (c is ' ' or '\t' or '\r' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>')
            {
                break;
            }
        }

        isOpen = quote != '\0' || at > text.Length;
        return Math.Min(at, text.Length);
    }

    // What is in $(…) is never looked into; quotes in it count for the parentheses only.
    private static int EndOfSubstitution(string text, int at)
    {
        int depth = 0;
        for (; at < text.Length; at++)
        {
            depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return at + 1;
            }
        }

        // Behind the end, as for a quote that is not closed.
        return text.Length + 1;
    }

    private static bool IsAssignment(string word, out int equals)
    {
        equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !char.IsAsciiDigit(word[0]) && HasNameCharactersOnly(word.AsSpan(0, equals));
    }

    private static bool HasNameCharactersOnly(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    private void Take(string path, int line, int start, string word, bool isConditional)
    {
        if (!IsAssignment(word, out int equals))
        {
            // bash knows NAME+=more; which sh this is nobody can tell.
            int plus = word.IndexOf("+=", StringComparison.Ordinal);
            if (plus > 0 && HasNameCharactersOnly(word.AsSpan(0, plus)))
            {
                _assignments.Add(
                    new ShellAssignment(path, line, word[..plus], start + plus + 2, word[(plus + 2)..]) { IsConditional = isConditional });
                _values[word[..plus]] = null;
            }

            return;
        }

        string name = word[..equals];
        string value = word[(equals + 1)..];
        char quote = value.Length >= 2 && value[0] is '"' or '\'' && EndOfQuotes(value) == value.Length ? value[0] : '\0';
        bool isPlain = quote == '\0' && value.IndexOfAny(['"', '\'', '\\']) < 0;
        string raw = quote == '\0' ? value : value[1..^1];
        string? expanded = quote == '\'' ? raw : quote == '"' || isPlain ? Expand(raw) : null;
        _assignments.Add(new ShellAssignment(path, line, name, start + equals + (quote == '\0' ? 1 : 2), raw)
        {
            Value = expanded,
            IsQuoted = quote != '\0',
            IsConditional = isConditional,
        });
        _values[name] = isConditional ? null : expanded;
    }

    // Where the quotes that a value begins with close.
    private static int EndOfQuotes(string value)
    {
        for (int at = 1; at < value.Length; at++)
        {
            if (value[at] == '\\' && value[0] == '"')
            {
                at++;
            }
            else if (value[at] == value[0])
            {
                return at + 1;
            }
        }

        return -1;
    }

    private string? Expand(string raw)
    {
        StringBuilder text = new();
        for (int at = 0; at < raw.Length; at++)
        {
            if (raw[at] == '`')
            {
                return null;
            }

            if (raw[at] == '\\' && at + 1 < raw.Length)
            {
                at++;
                _ = raw[at] switch
                {
                    '\n' => text,
                    '"' or '\\' or '$' or '`' => text.Append(raw[at]),
                    _ => text.Append('\\').Append(raw[at]),
                };
            }
            else if (raw[at] != '$')
            {
                text.Append(raw[at]);
            }
            else
            {
                bool isBraced = at + 1 < raw.Length && raw[at + 1] == '{';
                int start = at + (isBraced ? 2 : 1);
                int end = start;
                while (end < raw.Length && (char.IsAsciiLetterOrDigit(raw[end]) || raw[end] == '_'))
                {
                    end++;
                }

                if (end == start || (isBraced && (end == raw.Length || raw[end] != '}')) || ValueOf(raw[start..end]) is not { } value)
                {
                    return null;
                }

                if (text.Length + value.Length > LongestValue)
                {
                    return null;
                }

                text.Append(value);
                at = isBraced ? end : end - 1;
            }
        }

        return text.ToString();
    }
}
