namespace XenDriverDomain.Xm.Syntax;

/// <summary>A statement of Python 2.</summary>
/// <param name="Position">Where it begins in the source.</param>
internal abstract record XmStatement(int Position);

internal sealed record XmExpressionStatement(int Position, XmExpression Expression) : XmStatement(Position);

internal sealed record XmAssign(int Position, IReadOnlyList<XmExpression> Targets, XmExpression Value) : XmStatement(Position);

internal sealed record XmAugmentedAssign(int Position, XmExpression Target, string Operator, XmExpression Value)
    : XmStatement(Position);

internal sealed record XmIf(int Position, XmExpression Test, IReadOnlyList<XmStatement> Then, IReadOnlyList<XmStatement> Else)
    : XmStatement(Position);

internal sealed record XmFor(
    int Position, XmExpression Target, XmExpression Source, IReadOnlyList<XmStatement> Body, IReadOnlyList<XmStatement> Else)
    : XmStatement(Position);

internal sealed record XmWhile(int Position, XmExpression Test, IReadOnlyList<XmStatement> Body, IReadOnlyList<XmStatement> Else)
    : XmStatement(Position);

internal sealed record XmDefine(int Position, XmFunctionCode Code, IReadOnlyList<XmExpression> Defaults) : XmStatement(Position);

internal sealed record XmReturn(int Position, XmExpression? Value) : XmStatement(Position);

internal sealed record XmRaise(int Position, XmExpression? Type, XmExpression? Value) : XmStatement(Position);

/// <summary>One <c>except</c>: any exception without <paramref name="Type"/>.</summary>
internal sealed record XmHandler(XmExpression? Type, XmExpression? Target, IReadOnlyList<XmStatement> Body);

internal sealed record XmTry(
    int Position,
    IReadOnlyList<XmStatement> Body,
    IReadOnlyList<XmHandler> Handlers,
    IReadOnlyList<XmStatement> Else,
    IReadOnlyList<XmStatement> Finally) : XmStatement(Position);

internal sealed record XmAssert(int Position, XmExpression Test, XmExpression? Message) : XmStatement(Position);

internal sealed record XmDelete(int Position, IReadOnlyList<XmExpression> Targets) : XmStatement(Position);

/// <summary>pass, and global, whose work the parser has done.</summary>
internal sealed record XmPass(int Position) : XmStatement(Position);

internal sealed record XmBreak(int Position) : XmStatement(Position);

internal sealed record XmContinue(int Position) : XmStatement(Position);

internal sealed record XmPrint(int Position, XmExpression? Stream, IReadOnlyList<XmExpression> Values, bool EndsLine)
    : XmStatement(Position);

/// <summary><c>import a.b as c</c>, or <c>from a.b import c as d</c>.</summary>
/// <param name="Position">Where it is.</param>
/// <param name="Module">The dotted name.</param>
/// <param name="Member">What is taken from it; null for the module itself, <c>*</c> for all.</param>
/// <param name="Alias">The name to give it, or null.</param>
internal sealed record XmImport(int Position, string Module, string? Member, string? Alias) : XmStatement(Position);
