namespace XenDriverDomain.Xm.Syntax;

/// <summary>An expression of Python 2.</summary>
/// <param name="Position">Where it is in the source.</param>
internal abstract record XmExpression(int Position);

internal sealed record XmConstant(int Position, object Value) : XmExpression(Position);

internal sealed record XmName(int Position, string Name) : XmExpression(Position);

internal sealed record XmListDisplay(int Position, IReadOnlyList<XmExpression> Items) : XmExpression(Position);

internal sealed record XmTupleDisplay(int Position, IReadOnlyList<XmExpression> Items) : XmExpression(Position);

internal sealed record XmSetDisplay(int Position, IReadOnlyList<XmExpression> Items) : XmExpression(Position);

internal sealed record XmDictDisplay(int Position, IReadOnlyList<(XmExpression Key, XmExpression Value)> Items)
    : XmExpression(Position);

/// <summary>A comprehension or a generator expression.</summary>
/// <param name="Position">Where it is.</param>
/// <param name="Kind">'[' list, '{' set, ':' dict, '(' generator.</param>
/// <param name="Element">What is made, or the key.</param>
/// <param name="Value">The value, for a dict.</param>
/// <param name="Clauses">for and if, outermost first.</param>
/// <param name="Locals">The names that it binds.</param>
internal sealed record XmComprehension(
    int Position,
    char Kind,
    XmExpression Element,
    XmExpression? Value,
    IReadOnlyList<XmComprehensionClause> Clauses,
    IReadOnlySet<string> Locals) : XmExpression(Position);

/// <summary>One <c>for … in …</c>, or, without a target, one <c>if …</c>.</summary>
internal sealed record XmComprehensionClause(XmExpression? Target, XmExpression Source);

internal sealed record XmUnary(int Position, string Operator, XmExpression Operand) : XmExpression(Position);

internal sealed record XmBinary(int Position, string Operator, XmExpression Left, XmExpression Right) : XmExpression(Position);

internal sealed record XmBoolean(int Position, bool IsAnd, XmExpression Left, XmExpression Right) : XmExpression(Position);

internal sealed record XmCompare(int Position, XmExpression First, IReadOnlyList<(string Operator, XmExpression Operand)> Rest)
    : XmExpression(Position);

internal sealed record XmConditional(int Position, XmExpression Test, XmExpression Then, XmExpression Else) : XmExpression(Position);

internal sealed record XmLambda(int Position, XmFunctionCode Code, IReadOnlyList<XmExpression> Defaults) : XmExpression(Position);

internal sealed record XmCall(
    int Position,
    XmExpression Function,
    IReadOnlyList<XmExpression> Arguments,
    IReadOnlyList<(string Name, XmExpression Value)> Named,
    XmExpression? Star,
    XmExpression? StarStar) : XmExpression(Position);

internal sealed record XmAttribute(int Position, XmExpression Target, string Name) : XmExpression(Position);

internal sealed record XmSubscript(int Position, XmExpression Target, XmExpression Index) : XmExpression(Position);

internal sealed record XmSlice(int Position, XmExpression Target, XmExpression? Start, XmExpression? Stop, XmExpression? Step)
    : XmExpression(Position);

/// <summary>Backquotes.</summary>
internal sealed record XmRepr(int Position, XmExpression Operand) : XmExpression(Position);
