using System.Runtime.CompilerServices;

namespace XenDriverDomain.Xm.Syntax;

/// <summary>The parser's place among the tokens, and what it says when one does not fit.</summary>
internal abstract class XmTokenReader(XmSource source)
{
    private const int MaxDepth = 200;

    private readonly List<XmToken> _tokens = new XmLexer(source).Read();
    private int _next;
    private int _depth;

    protected XmSource Source { get; } = source;

    protected XmToken Token => _tokens[_next];

    protected XmToken Ahead => _tokens[Math.Min(_next + 1, _tokens.Count - 1)];

    protected XmToken Take()
    {
        XmToken token = _tokens[_next];
        if (token.Kind != XmTokenKind.End)
        {
            _next++;
        }

        return token;
    }

    protected bool TryTake(string operatorOrKeyword)
    {
        if (!Token.Is(operatorOrKeyword))
        {
            return false;
        }

        Take();
        return true;
    }

    protected XmToken Expect(string operatorOrKeyword) =>
        Token.Is(operatorOrKeyword) ? Take() : throw Unexpected($"'{operatorOrKeyword}'");

    protected string ExpectName() => Token.Kind == XmTokenKind.Name ? Take().Text : throw Unexpected("a name");

    protected void Enter()
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Source.Error(XmFault.LimitExceeded, Token.Start, "the file is nested too deep", "Use fewer brackets and blocks.");
        }
    }

    protected void Leave() => _depth--;

    protected XmException Unexpected(string wanted)
    {
        XmToken token = Token;
        string found = token.Kind switch
        {
            XmTokenKind.NewLine => "the line ends",
            XmTokenKind.Indent => "an indented line begins",
            XmTokenKind.Dedent => "the block ends",
            XmTokenKind.End => "the file ends",
            XmTokenKind.Number => "a number stands",
            XmTokenKind.Text => "a string stands",
            _ => $"'{Quotation.Cut(token.Text, 40)}' stands",
        };
        string remedy = token.Text is "async" or "nonlocal"
            ? "This is Python 3; xm ran Python 2."
            : "Correct it there; the language is Python 2.";
        return Source.SyntaxError(token.Start, $"{found} where {wanted} is expected", remedy);
    }
}
