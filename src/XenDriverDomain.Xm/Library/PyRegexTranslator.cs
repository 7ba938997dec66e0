using System.Globalization;
using System.Text;
using XenDriverDomain.Xm.Running;
using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Library;

/// <summary>Turns a regular expression of Python into one of .NET that means the same on bytes; refuses what has no counterpart.</summary>
internal sealed class PyRegexTranslator(string pattern)
{
    private const string Word = "a-zA-Z0-9_";
    private const string NotWord = "\\x00-/:-@\\[-\\^`\\{-\\xff";
    private const string White = " \\t\\n\\r\\f\\v";
    private const string NotWhite = "\\x00-\\x08\\x0e-\\x1f!-\\xff";
    private const string NotDigit = "\\x00-/:-\\xff";

    private readonly StringBuilder _made = new();
    private int _at;

    public Dictionary<string, int> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>How many groups there are.</summary>
    public int Groups { get; private set; }

    /// <summary>True when it needs the backtracking engine: back references and look-around.</summary>
    public bool Backtracks { get; private set; }

    public bool IgnoresCase { get; private set; }

    public string Translate()
    {
        while (_at < pattern.Length)
        {
            char c = pattern[_at];
            switch (c)
            {
                case '\\':
                    Escape(false);
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    Group();
                    break;
                case '{':
                    Braces();
                    break;
                case '}':
                    Add("\\}");
                    break;
                default:
                    Add(c is ' ' or '#' ? "\\" + c : c.ToString());
                    break;
            }
        }

        return _made.ToString();
    }

    private void Add(string text, int length = 1)
    {
        _made.Append(text);
        _at += length;
    }

    private static PyRaise Bad(string problem) => PyRaise.Of("error", problem);

    private static string Literal(char c) => char.IsAsciiLetterOrDigit(c) || c > '\x7f' ? Code(c) : "\\" + c;

    private static string Code(int c) => string.Create(CultureInfo.InvariantCulture, $"\\x{c & 0xFF:x2}");

    private void Escape(bool inClass)
    {
        if (_at + 1 >= pattern.Length)
        {
            throw Bad("bogus escape (end of line)");
        }

        char c = pattern[_at + 1];
        switch (c)
        {
            case 'd':
                Add(inClass ? "0-9" : "[0-9]", 2);
                break;
            case 'D':
                Add(inClass ? NotDigit : "[^0-9]", 2);
                break;
            case 'w':
                Add(inClass ? Word : $"[{Word}]", 2);
                break;
            case 'W':
                Add(inClass ? NotWord : $"[^{Word}]", 2);
                break;
            case 's':
                Add(inClass ? White : $"[{White}]", 2);
                break;
            case 'S':
                Add(inClass ? NotWhite : $"[^{White}]", 2);
                break;
            case 'A' or 'B' when !inClass:
                Add("\\" + c, 2);
                break;
            case 'b':
                Add("\\b", 2);
                break;
            case 'Z' when !inClass:
                Add("\\z", 2);
                break;
            case 'a' or 'f' or 'n' or 'r' or 't' or 'v':
                Add("\\" + c, 2);
                break;
            case 'x':
                if (_at + 3 >= pattern.Length || !char.IsAsciiHexDigit(pattern[_at + 2]) || !char.IsAsciiHexDigit(pattern[_at + 3]))
                {
                    throw Bad("bogus escape: '\\x'");
                }

                Add(string.Concat("\\x", pattern.AsSpan(_at + 2, 2)), 4);
                break;
            case >= '0' and <= '9':
                Number(inClass);
                break;
            default:
                Add(Literal(c), 2);
                break;
        }
    }

    private void Number(bool inClass)
    {
        int end = _at + 1;
        while (end < pattern.Length && end < _at + 4 && char.IsAsciiDigit(pattern[end]))
        {
            end++;
        }

        string digits = pattern[(_at + 1)..end];
        bool isOctal = inClass || digits[0] == '0' || (digits.Length == 3 && digits.All(d => d < '8'));
        if (isOctal)
        {
            string octal = string.Concat(digits.TakeWhile(d => d < '8'));
            if (octal.Length == 0)
            {
                throw Bad("bogus escape: '\\" + digits + "'");
            }

            Add(Code(System.Convert.ToInt32(octal, 8)), 1 + octal.Length);
            return;
        }

        digits = digits[..Math.Min(2, digits.Length)];
        if (int.Parse(digits, CultureInfo.InvariantCulture) > Groups)
        {
            throw Bad("bogus escape: '\\" + digits + "'");
        }

        Backtracks = true;
        Add($"\\k<{digits}>", 1 + digits.Length);
    }

    private void Class()
    {
        Add("[");
        if (_at < pattern.Length && pattern[_at] == '^')
        {
            Add("^");
        }

        for (bool isFirst = true; ; isFirst = false)
        {
            if (_at >= pattern.Length)
            {
                throw Bad("unexpected end of regular expression");
            }

            char c = pattern[_at];
            if (c == ']' && !isFirst)
            {
                Add("]");
                return;
            }

            if (c == '\\')
            {
                Escape(true);
            }
            else
            {
                Add(c is '[' or ']' or '^' ? "\\" + c : c.ToString());
            }
        }
    }

    private void Group()
    {
        if (_at + 1 >= pattern.Length || pattern[_at + 1] != '?')
        {
            Open(1);
            return;
        }

        string rest = pattern[(_at + 2)..];
        if (rest.StartsWith(':'))
        {
            Add("(?:", 3);
        }
        else if (rest.StartsWith('=') || rest.StartsWith('!'))
        {
            Backtracks = true;
            Add("(?" + rest[0], 3);
        }
        else if (rest.StartsWith("<=", StringComparison.Ordinal) || rest.StartsWith("<!", StringComparison.Ordinal))
        {
            Backtracks = true;
            Add("(?" + rest[..2], 4);
        }
        else if (rest.StartsWith('#'))
        {
            int close = pattern.IndexOf(')', _at);
            _at = close < 0 ? throw Bad("unbalanced parenthesis") : close + 1;
        }
        else if (rest.StartsWith("P<", StringComparison.Ordinal) && Name(rest, '>') is string name)
        {
            if (!Names.TryAdd(name, Groups + 1))
            {
                throw Bad("redefinition of group name " + name);
            }

            Open(name.Length + 5);
        }
        else if (rest.StartsWith("P=", StringComparison.Ordinal) && Name(rest, ')') is string known)
        {
            Backtracks = true;
            Add(Names.TryGetValue(known, out int number) ? $"\\k<{number}>" : throw Bad("unknown group name"), known.Length + 5);
        }
        else if (_at == 0 && rest.StartsWith("i)", StringComparison.Ordinal))
        {
            IgnoresCase = true;
            _at = 4;
        }
        else
        {
            throw XmRefusal.Unsupported($"'(?{Quotation.Cut(rest, 6)}' in a regular expression");
        }
    }

    private static string? Name(string rest, char end)
    {
        int close = rest.IndexOf(end);
        return close > 2 && rest[2..close].All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(rest[2])
            ? rest[2..close]
            : throw Bad("bad group name");
    }

    private void Open(int length)
    {
        Groups++;
        Add($"(?<{Groups}>", length);
    }

    // Python reads {,n} as {0,n}; braces that are no count are literal.
    private void Braces()
    {
        int close = pattern.IndexOf('}', _at);
        string inner = close < 0 ? string.Empty : pattern[(_at + 1)..close];
        string[] bounds = inner.Split(',');
        bool isCount = inner.Length > 0 && bounds.Length <= 2 && bounds.All(b => b.All(char.IsAsciiDigit))
            && (bounds.Length == 2 || bounds[0].Length > 0);
        if (!isCount)
        {
            Add("\\{");
            return;
        }

        if (bounds.Any(b => b.Length > 3))
        {
            throw XmRefusal.Unsupported("a count of a thousand or more in a regular expression");
        }

        string low = bounds[0].Length == 0 ? "0" : bounds[0];
        Add(bounds.Length == 1 ? $"{{{low}}}" : $"{{{low},{bounds[1]}}}", inner.Length + 2);
    }
}
