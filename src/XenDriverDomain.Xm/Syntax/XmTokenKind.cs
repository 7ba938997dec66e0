namespace XenDriverDomain.Xm.Syntax;

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
