using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend.Sxp;

/// <summary>Reads SXP character by character as xend's parser does (tools/python/xen/xend/sxp.py), oddities included.</summary>
/// <param name="text">The text.</param>
/// <param name="fileName">Its file, for errors.</param>
internal sealed class SxpReader(string text, string? fileName)
{
    private const int MaxDepth = 200;

    private readonly Stack<(ConfigLocation Location, List<SxpValue> Items)> _open = new();
    private int _position;
    private int _line = 1;
    private int _lineStart;

    private ConfigLocation Here => new(fileName, _line, _position - _lineStart + 1);

    public IReadOnlyList<SxpValue> Read()
    {
        if (text.Length > SxpDocument.MaxCharacters)
        {
            throw Error(Here, $"the file has more than {SxpDocument.MaxCharacters} characters", "Is this a configuration file?");
        }

        _open.Push((Here, []));
        if (text.StartsWith('\ufeff'))
        {
            _position++;
        }

        while (_position < text.Length)
        {
            char c = text[_position];
            if (c == '\x04' && _open.Count == 1)
            {
                // Control-D ends the text.
                break;
            }

            if (c is ' ' or '\t' or '\n' or '\v' or '\f' or '\r')
            {
                Advance();
            }
            else if (c == '#')
            {
                SkipComment();
            }
            else
            {
                ReadValue(c);
            }
        }

        if (_open.Count > 1)
        {
            throw NotClosed();
        }

        return _open.Pop().Items;
    }

    private static bool IsPrintable(char c) => c is (>= ' ' and <= '~') or '\t' or '\n' or '\r' or '\v' or '\f';

    private void ReadValue(char c)
    {
        ConfigLocation start = Here;
        switch (c)
        {
            case '(':
                if (_open.Count > MaxDepth)
                {
                    throw Error(start, $"lists are nested deeper than {MaxDepth}", "Use fewer parentheses.");
                }

                _open.Push((start, []));
                Advance();
                break;
            case ')':
                if (_open.Count == 1)
                {
                    throw Error(start, "')' closes nothing", "Remove it, or add the '(' that it should close.");
                }

                (ConfigLocation location, List<SxpValue> items) = _open.Pop();
                _open.Peek().Items.Add(new SxpList(location, items));
                Advance();
                break;
            case '"' or '\'':
                _open.Peek().Items.Add(new SxpAtom(start, ReadString(c), true));
                break;
            default:
                if (!IsPrintable(c))
                {
                    throw Error(
                        start,
                        $"the character U+{(int)c:X4} cannot begin a word",
                        "Put a text into quotes; xend reads ASCII, and other characters within quotes only.");
                }

                _open.Peek().Items.Add(new SxpAtom(start, ReadAtom(), false));
                break;
        }
    }

    private ConfigException NotClosed()
    {
        // The outermost one is named last: all that are open need closing, and the innermost is where it usually went wrong.
        (ConfigLocation location, List<SxpValue> items) = _open.Peek();
        int missing = _open.Count - 1;
        string name = items.Count > 0 && items[0] is SxpAtom atom ? $" of '({Terminal.Text.Show(atom.Text, 40)}'" : string.Empty;
        return Error(
            location,
            missing == 1
                ? $"the parenthesis{name} is not closed"
                : $"the parenthesis{name} is not closed, nor are {missing - 1} around it",
            $"Add {missing} ')' where {(missing == 1 ? "it belongs" : "they belong")}; the text ends at line {_line}.");
    }

    private void Advance()
    {
        if (text[_position] == '\n')
        {
            _line++;
            _lineStart = _position + 1;
        }

        _position++;
    }

    private void SkipComment()
    {
        while (_position < text.Length && text[_position] != '\n')
        {
            Advance();
        }
    }

    // The first character belongs to the word whatever it is; xend ends a word at these.
    private string ReadAtom()
    {
        int start = _position;
        do
        {
            Advance();
        }
        while (_position < text.Length && text[_position] is not (
            '{' or '}' or '(' or ')' or '<' or '>' or '[' or ']' or ';' or '#' or ' ' or '\t' or '\n' or '\v' or '\f' or '\r'));

        return text[start.._position];
    }

    private string ReadString(char quote)
    {
        ConfigLocation start = Here;
        StringBuilder value = new();
        Advance();
        while (_position < text.Length)
        {
            char c = text[_position];
            if (c == quote)
            {
                Advance();
                return value.ToString();
            }

            if (c == '\\')
            {
                ReadEscape(value);
                continue;
            }

            value.Append(c);
            Advance();
        }

        throw Error(start, "a string is not closed", $"Close it with {quote}.");
    }

    private void ReadEscape(StringBuilder value)
    {
        ConfigLocation start = Here;
        Advance();
        if (_position == text.Length)
        {
            return;
        }

        char c = text[_position];
        if (c is >= '0' and <= '7')
        {
            value.Append(ReadOctal(start));
            return;
        }

        Advance();
        switch (c)
        {
            case 'x':
                value.Append(ReadHex(start));
                break;
            case 'a':
                value.Append('\a');
                break;
            case 'b':
                value.Append('\b');
                break;
            case 't':
                value.Append('\t');
                break;
            case 'n':
                value.Append('\n');
                break;
            case 'v':
                value.Append('\v');
                break;
            case 'f':
                value.Append('\f');
                break;
            case 'r':
                value.Append('\r');
                break;
            case '\\' or '\'' or '"':
                value.Append(c);
                break;
            default:
                // xend keeps the backslash and loses the character; a file that has it is better corrected than misread.
                throw Error(
                    start,
                    $"'\\{Terminal.Text.Show(c.ToString())}' is no escape sequence of SXP; xend drops the character",
                    "Write a backslash as \\\\.");
        }
    }

    private char ReadOctal(ConfigLocation start)
    {
        int code = 0;
        for (int digits = 0; digits < 3 && _position < text.Length && text[_position] is >= '0' and <= '7'; digits++)
        {
            code = (code * 8) + text[_position] - '0';
            Advance();
        }

        return code <= 0xFF ? (char)code : throw Error(start, "an octal escape is above \\377", "Write the character itself.");
    }

    private char ReadHex(ConfigLocation start)
    {
        int code = 0;
        for (int digits = 0; digits < 2; digits++)
        {
            if (_position == text.Length || !char.IsAsciiHexDigit(text[_position]))
            {
                throw Error(start, "\\x is not followed by two hexadecimal digits", "Write the character itself.");
            }

            code = (code * 16) + Convert.ToInt32(text[_position].ToString(), 16);
            Advance();
        }

        return (char)code;
    }

    private static ConfigException Error(ConfigLocation location, string problem, string remedy) =>
        new(ErrorIds.ConfigSyntaxError, location, problem + ".", remedy);
}
