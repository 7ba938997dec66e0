using XenDriverDomain.Xm.Values;

namespace XenDriverDomain.Xm.Syntax;

/// <summary>Cuts Python 2 source into tokens, indentation included (Python 2 Language Reference, chapter 2).</summary>
internal sealed class XmLexer(XmSource source)
{
    private const int MaxIndents = 100;

    private static readonly string[] s_operators =
    [
        "**=", "//=", ">>=", "<<=", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "<>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
        "+", "-", "*", "/", "%", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "`", "=", ";", "@",
    ];

    private readonly string _text = source.Text;
    private readonly List<XmToken> _tokens = [];
    private readonly Stack<int> _indents = new([0]);
    private readonly Stack<XmToken> _brackets = new();
    private int _position;

    public List<XmToken> Read()
    {
        bool isLineStart = true;
        while (true)
        {
            if (isLineStart && _brackets.Count == 0)
            {
                ReadIndentation();
                isLineStart = false;
            }

            SkipBlanks();
            if (_position == _text.Length)
            {
                break;
            }

            char c = _text[_position];
            if (c == '\n')
            {
                if (_brackets.Count == 0)
                {
                    Add(XmTokenKind.NewLine, _position);
                    isLineStart = true;
                }

                _position++;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                ReadWord();
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(At(1))))
            {
                (object value, int end) = XmNumberLiteral.Read(source, _position);
                Add(XmTokenKind.Number, _position, string.Empty, value);
                _position = end;
            }
            else if (c is '"' or '\'')
            {
                ReadString(_position);
            }
            else
            {
                ReadOperator();
            }
        }

        if (_brackets.TryPeek(out XmToken open))
        {
            throw source.SyntaxError(open.Start, $"'{open.Text}' is not closed", "Add the closing bracket.");
        }

        if (_tokens.Count > 0 && _tokens[^1].Kind is not (XmTokenKind.NewLine or XmTokenKind.Dedent))
        {
            Add(XmTokenKind.NewLine, _position);
        }

        for (; _indents.Peek() > 0; _indents.Pop())
        {
            Add(XmTokenKind.Dedent, _position);
        }

        Add(XmTokenKind.End, _position);
        return _tokens;
    }

    private char At(int offset) => _position + offset < _text.Length ? _text[_position + offset] : '\0';

    private void Add(XmTokenKind kind, int start, string text = "", object? value = null) =>
        _tokens.Add(new XmToken(kind, start, text, value));

    private void ReadIndentation()
    {
        while (true)
        {
            int start = _position;
            int width = 0;
            for (; At(0) is ' ' or '\t' or '\f'; _position++)
            {
                // A tab goes to the next multiple of eight; a form feed begins anew.
                width = At(0) == '\t' ? (width | 7) + 1 : At(0) == '\f' ? 0 : width + 1;
            }

            if (At(0) == '#')
            {
                SkipComment();
            }

            if (_position < _text.Length && At(0) == '\n')
            {
                _position++;
                continue;
            }

            if (_position < _text.Length && width != _indents.Peek())
            {
                Indent(start, width);
            }

            return;
        }
    }

    private void Indent(int start, int width)
    {
        if (width > _indents.Peek())
        {
            if (_indents.Count > MaxIndents)
            {
                throw source.SyntaxError(_position, "there are too many levels of indentation", "Use fewer.");
            }

            _indents.Push(width);
            Add(XmTokenKind.Indent, start);
            return;
        }

        while (width < _indents.Peek())
        {
            _indents.Pop();
            Add(XmTokenKind.Dedent, start);
        }

        if (width != _indents.Peek())
        {
            throw source.SyntaxError(
                _position, "the indentation matches no outer level", "Indent the lines of a block alike, with blanks or with tabs.");
        }
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length)
        {
            char c = _text[_position];
            if (c is ' ' or '\t' or '\f')
            {
                _position++;
            }
            else if (c == '#')
            {
                SkipComment();
            }
            else if (c == '\\' && At(1) == '\n')
            {
                _position += 2;
            }
            else
            {
                return;
            }
        }
    }

    private void SkipComment()
    {
        int end = _text.IndexOf('\n', _position);
        _position = end < 0 ? _text.Length : end;
    }

    private void ReadWord()
    {
        int end = _position;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] == '_'))
        {
            end++;
        }

        string word = _text[_position..end];
        if (end < _text.Length && _text[end] is '"' or '\'' && XmStringLiteral.IsPrefix(word))
        {
            ReadString(end);
            return;
        }

        Add(XmKeywords.IsKeyword(word) ? XmTokenKind.Keyword : XmTokenKind.Name, _position, word);
        _position = end;
    }

    private void ReadString(int quote)
    {
        (PyString value, int end) = XmStringLiteral.Read(source, _position, quote);
        Add(XmTokenKind.Text, _position, string.Empty, value);
        _position = end;
    }

    private void ReadOperator()
    {
        foreach (string candidate in s_operators)
        {
            if (string.CompareOrdinal(_text, _position, candidate, 0, candidate.Length) == 0)
            {
                XmToken token = new(XmTokenKind.Operator, _position, candidate);
                Balance(token);
                _tokens.Add(token);
                _position += candidate.Length;
                return;
            }
        }

        throw source.SyntaxError(
            _position,
            $"'{_text[_position]}' cannot stand here",
            "Put a text into quotes, a remark behind #.");
    }

    private void Balance(XmToken token)
    {
        switch (token.Text)
        {
            case "(" or "[" or "{":
                _brackets.Push(token);
                break;
            case ")" or "]" or "}":
                char open = token.Text[0] switch { ')' => '(', ']' => '[', _ => '{' };
                if (!_brackets.TryPop(out XmToken opened))
                {
                    throw source.SyntaxError(token.Start, $"'{token.Text}' closes nothing", "Remove it, or add its counterpart.");
                }

                if (opened.Text[0] != open)
                {
                    XmLocation place = source.LocationOf(opened.Start);
                    throw source.SyntaxError(
                        token.Start,
                        $"'{token.Text}' cannot close the '{opened.Text}' of line {place.Line}, column {place.Column}",
                        "Make the brackets match.");
                }

                break;
        }
    }
}

/// <summary>The reserved words of Python 2.7.</summary>
internal static class XmKeywords
{
    public static bool IsKeyword(string word) => word is
        "and" or "as" or "assert" or "break" or "class" or "continue" or "def" or "del" or "elif" or "else" or "except" or "exec"
        or "finally" or "for" or "from" or "global" or "if" or "import" or "in" or "is" or "lambda" or "not" or "or" or "pass" or "print"
        or "raise" or "return" or "try" or "while" or "with" or "yield";
}
