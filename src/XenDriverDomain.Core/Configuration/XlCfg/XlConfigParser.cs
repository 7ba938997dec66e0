using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>
/// The grammar of xl.cfg (tools/libs/util/libxlu_cfg_y.y) by recursive descent. The first error ends it, as one error makes xl refuse the
/// file.
/// </summary>
internal sealed class XlConfigParser
{
    // Far above any real file; Xen's own parser gives up at about 5,000, our stack may do so before.
    private const int MaxDepth = 500;

    private readonly string _text;
    private readonly XlConfigLexer _lexer;
    private XlToken _token;

    private XlConfigParser(string text, string? fileName, bool isSingleByte)
    {
        _text = text;
        _lexer = new XlConfigLexer(text, fileName, isSingleByte);
        _token = _lexer.Next();
    }

    public static IReadOnlyList<XlConfigAssignment> Parse(string text, string? fileName, bool isSingleByte)
    {
        XlConfigParser parser = new(text, fileName, isSingleByte);
        List<XlConfigAssignment> assignments = [];
        Dictionary<string, XlConfigAssignment> last = new(StringComparer.Ordinal);
        while (parser._token.Kind != XlTokenKind.End)
        {
            if (parser._token.Kind is XlTokenKind.NewLine or XlTokenKind.Semicolon)
            {
                parser.Advance();
                continue;
            }

            XlConfigAssignment assignment = parser.ReadAssignment();
            if (assignment.IsAppend && last.TryGetValue(assignment.Key, out XlConfigAssignment? earlier)
                && earlier.Value is XlConfigList != assignment.Value is XlConfigList)
            {
                throw new ConfigException(
                    ErrorIds.ConfigSyntaxError,
                    assignment.Location,
                    $"'{assignment.Key} +=' joins a list and a single value.",
                    $"Write the same sort of value as in line {earlier.Location.Line}, or assign with '='.");
            }

            last[assignment.Key] = assignment;
            assignments.Add(assignment);
            if (parser._token.Kind is not (XlTokenKind.NewLine or XlTokenKind.Semicolon or XlTokenKind.End))
            {
                throw parser.Expected("a newline or ';' after the value");
            }
        }

        return assignments;
    }

    private XlConfigAssignment ReadAssignment()
    {
        XlToken key = _token;
        if (key.Kind != XlTokenKind.Identifier)
        {
            throw Expected("a key (a lower-case letter, then lower-case letters, digits, _ and .)");
        }

        Advance();
        XlToken sign = _token;
        if (sign.Kind is not (XlTokenKind.Assign or XlTokenKind.Append))
        {
            throw Expected($"'=' after '{Show(key)}'");
        }

        Advance();
        return new XlConfigAssignment(
            _text[key.Start..key.End], sign.Kind == XlTokenKind.Append, ReadValue(0), _lexer.LocationOf(key.Start))
        {
            Start = key.Start,
            OperatorStart = sign.Start,
            OperatorEnd = sign.End,
        };
    }

    private XlConfigValue ReadValue(int depth)
    {
        XlToken token = _token;
        switch (token.Kind)
        {
            case XlTokenKind.Text:
                string text = _lexer.Dequote(token);
                Advance();
                return new XlConfigAtom(text, true, _lexer.LocationOf(token.Start), token.Start, token.End);
            case XlTokenKind.Number:
                Advance();
                return new XlConfigAtom(
                    _text[token.Start..token.End], false, _lexer.LocationOf(token.Start), token.Start, token.End);
            case XlTokenKind.Open when depth < MaxDepth:
                return ReadList(token, depth);
            case XlTokenKind.Open:
                throw _lexer.Error(token.Start, $"lists are nested deeper than {MaxDepth}", "Use fewer brackets.");
            default:
                throw Expected("a number, a string in quotes, or a list in brackets");
        }
    }

    private XlConfigList ReadList(XlToken open, int depth)
    {
        List<XlConfigValue> items = [];
        Advance();
        SkipNewLines();
        while (_token.Kind != XlTokenKind.Close)
        {
            items.Add(ReadValue(depth + 1));
            SkipNewLines();
            if (_token.Kind == XlTokenKind.Comma)
            {
                Advance();
                SkipNewLines();
            }
            else if (_token.Kind != XlTokenKind.Close)
            {
                throw Expected("',' or ']' after an element of a list");
            }
        }

        int end = _token.End;
        Advance();
        return new XlConfigList(items, _lexer.LocationOf(open.Start), open.Start, end);
    }

    private void SkipNewLines()
    {
        while (_token.Kind == XlTokenKind.NewLine)
        {
            Advance();
        }
    }

    private void Advance() => _token = _lexer.Next();

    private string Show(XlToken token) => Terminal.Text.Show(_text[token.Start..token.End], 40);

    private ConfigException Expected(string what)
    {
        string found = _token.Kind switch
        {
            XlTokenKind.End => "the end of the file",
            XlTokenKind.NewLine => "the end of the line",
            _ => $"'{Show(_token)}'",
        };
        string remedy = _token.Kind == XlTokenKind.Identifier
            ? "Put a text into quotes; Python's words, functions and variables do not exist in xl.cfg."
            : "Write key = value, one a line; see xl.cfg(5).";
        return _lexer.Error(_token.Start, $"expected {what}, found {found}", remedy);
    }
}
