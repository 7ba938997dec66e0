using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>Cuts xl.cfg into tokens exactly as libxlu_cfg_l.l does, oddities included.</summary>
/// <param name="text">The text.</param>
/// <param name="fileName">Its file, for errors.</param>
/// <param name="isSingleByte">True when each character was one byte in the file.</param>
internal sealed class XlConfigLexer(string text, string? fileName, bool isSingleByte)
{
    private readonly List<int> _lineStarts = LineStarts(text);
    private int _position;

    public XlToken Next()
    {
        while (_position < text.Length && text[_position] is ' ' or '\t')
        {
            _position++;
        }

        int start = _position;
        if (start == text.Length)
        {
            return End();
        }

        char c = text[start];
        switch (c)
        {
            case '\n':
                return Take(XlTokenKind.NewLine, 1);
            case '#':
                int end = text.IndexOf('\n', start);
                return end >= 0 ? Take(XlTokenKind.NewLine, end + 1 - start)
                    : IsIgnoredTail(start) ? End()
                    : throw Error(start, "a comment on the last line does not end in a newline", "End the file with a newline.");
            case ',':
                return Take(XlTokenKind.Comma, 1);
            case '[':
                return Take(XlTokenKind.Open, 1);
            case ']':
                return Take(XlTokenKind.Close, 1);
            case ';':
                return Take(XlTokenKind.Semicolon, 1);
            case '=':
                return Take(XlTokenKind.Assign, 1);
            case '+' when start + 1 < text.Length && text[start + 1] == '=':
                return Take(XlTokenKind.Append, 2);
            case '\'' or '"':
                return IsIgnoredTail(start) ? End() : TakeText(c);
        }

        if (char.IsAsciiLetterLower(c))
        {
            return TakeWhile(XlTokenKind.Identifier, static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.');
        }

        if (char.IsAsciiDigit(c))
        {
            return TakeWhile(XlTokenKind.Number, static c => char.IsAsciiDigit(c) || c is (>= 'a' and <= 'f') or 'x');
        }

        return IsIgnoredTail(start) ? End() : throw Unexpected(start, c);
    }

    /// <summary>What a quoted string says (xlu__cfgl_dequote).</summary>
    public string Dequote(XlToken token)
    {
        ReadOnlySpan<char> raw = text.AsSpan(token.Start + 1, token.End - token.Start - 2);
        if (!raw.Contains('\\'))
        {
            return raw.ToString();
        }

        StringBuilder value = new(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                value.Append(raw[i]);
                continue;
            }

            char escaped = raw[++i];
            if (escaped is >= '0' and <= '7')
            {
                i += SkipOctal(token.Start + 1 + i + 1, token.End);
                continue;
            }

            value.Append(escaped switch
            {
                '\\' or '"' or '\'' => escaped,
                'a' => '\a',
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\v',
                _ => throw Error(
                    token.Start + i,
                    $"'\\{Terminal.Text.Show(escaped.ToString())}' is no escape sequence of xl.cfg",
                    "Write a backslash as \\\\; the escapes that work are \\\\ \\\" \\' \\a \\b \\f \\n \\r \\t \\v."),
            });
        }

        return value.ToString();
    }

    public ConfigException Error(int index, string problem, string remedy) =>
        new(ErrorIds.ConfigSyntaxError, LocationOf(index), problem + ".", remedy);

    public ConfigLocation LocationOf(int index)
    {
        int found = _lineStarts.BinarySearch(index);
        int line = found >= 0 ? found : ~found - 1;
        return new ConfigLocation(fileName, line + 1, index - _lineStarts[line] + 1);
    }

    private static List<int> LineStarts(string text)
    {
        List<int> starts = [0];
        for (int end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n', end + 1))
        {
            starts.Add(end + 1);
        }

        return starts;
    }

    // Xen's dequote reads an octal escape with strtoul base 10 from up to three characters behind the first digit, wants at least
    // two of them consumed, and then drops the value: "\101" is accepted and says nothing.
    private int SkipOctal(int index, int end)
    {
        ReadOnlySpan<char> window = text.AsSpan(index, Math.Min(3, end - index));
        int at = 0;
        while (at < window.Length && window[at] is ' ' or '\t' or '\v' or '\f' or '\r')
        {
            at++;
        }

        if (at < window.Length && window[at] is '+' or '-')
        {
            at++;
        }

        int digits = at;
        while (at < window.Length && char.IsAsciiDigit(window[at]))
        {
            at++;
        }

        return at > digits && at >= 2 ? at : throw Error(
            index - 2,
            "octal escapes do not work in xl.cfg",
            "Write the character itself; the escapes that work are \\\\ \\\" \\' \\a \\b \\f \\n \\r \\t \\v.");
    }

    // A single byte that begins no token is an error everywhere but at the very end of the file, where flex meets the end before
    // the rule that would report it.
    private bool IsIgnoredTail(int index) => index == text.Length - 1 && (isSingleByte || char.IsAscii(text[index]));

    private XlToken End()
    {
        _position = text.Length;
        return new XlToken(XlTokenKind.End, _position, _position);
    }

    private XlToken Take(XlTokenKind kind, int length)
    {
        XlToken token = new(kind, _position, _position + length);
        _position += length;
        return token;
    }

    private XlToken TakeWhile(XlTokenKind kind, Func<char, bool> belongs)
    {
        int end = _position + 1;
        while (end < text.Length && belongs(text[end]))
        {
            end++;
        }

        return Take(kind, end - _position);
    }

    private XlToken TakeText(char quote)
    {
        for (int i = _position + 1; i < text.Length; i++)
        {
            char c = text[i];
            if (c == quote)
            {
                return Take(XlTokenKind.Text, i + 1 - _position);
            }

            if (c == '\\')
            {
                i++;
                c = i < text.Length ? text[i] : '\n';
            }

            if (c == '\n')
            {
                break;
            }

            if (c == '\0')
            {
                throw Error(i, "a string contains a NUL character", "Remove it; Xen's own parser ends with a crash there.");
            }
        }

        throw Error(_position, "a string is not closed on its line", $"Close it with {quote}, or write \\n for a line break within it.");
    }

    private ConfigException Unexpected(int index, char c) => c switch
    {
        '\r' => Error(
            index, "there is a carriage return: the lines end as on Windows", "Save the file with Unix line ends (LF alone)."),
        '\ufeff' => Error(index, "the file begins with a byte order mark", "Save the file as UTF-8 without BOM."),
        >= 'A' and <= 'Z' => Error(
            index,
            $"'{WordAt(index)}' begins with an upper-case letter",
            "Keys are lower case, hexadecimal digits too; put a text into quotes."),
        '-' => Error(
            index, "a minus sign stands outside quotes", "Put a negative number into quotes (\"-1\"); a key has no hyphen in it."),
        '(' or ')' or '+' or ':' or '.' or '{' or '}' => Error(
            index,
            $"'{c}' cannot stand here",
            "If this is an old xm file, it is a Python program, which xl cannot run: write plain assignments."),
        _ => Error(index, $"'{Terminal.Text.Show(c.ToString())}' cannot stand here", "Put a text into quotes."),
    };

    private string WordAt(int index)
    {
        int end = index;
        while (end < text.Length && end < index + 40 && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-'))
        {
            end++;
        }

        return text[index..end];
    }
}

/// <summary>A token's place in the text. Blanks lie between tokens; a comment is part of the NewLine that ends it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index behind its last character.</param>
internal readonly record struct XlToken(XlTokenKind Kind, int Start, int End);

/// <summary>The tokens of xl.cfg (tools/libs/util/libxlu_cfg_l.l).</summary>
internal enum XlTokenKind
{
    Identifier,
    Number,
    Text,
    Assign,
    Append,
    Comma,
    Open,
    Close,
    Semicolon,
    NewLine,
    End,
}
