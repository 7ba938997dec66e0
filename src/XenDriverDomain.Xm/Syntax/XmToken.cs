namespace XenDriverDomain.Xm.Syntax;

/// <summary>A token of an xm file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Index of its first character in the source.</param>
/// <param name="Text">A name, a keyword or an operator; else empty.</param>
/// <param name="Value">The value of a number or a string literal.</param>
internal readonly record struct XmToken(XmTokenKind Kind, int Start, string Text, object? Value = null)
{
    public bool Is(string operatorOrKeyword) =>
        Kind is XmTokenKind.Operator or XmTokenKind.Keyword && Text == operatorOrKeyword;
}

/// <summary>The sorts of tokens of Python 2.</summary>
internal enum XmTokenKind
{
    NewLine,
    Indent,
    Dedent,
    Name,
    Keyword,
    Number,
    Text,
    Operator,
    End,
}
