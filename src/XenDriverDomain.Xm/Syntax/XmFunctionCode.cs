namespace XenDriverDomain.Xm.Syntax;

/// <summary>A function's parameters and body.</summary>
/// <param name="Name">Its name; <c>&lt;lambda&gt;</c> for a lambda.</param>
/// <param name="Parameters">The names of its parameters.</param>
/// <param name="Star">The name of *args, or null.</param>
/// <param name="StarStar">The name of **keywords, or null.</param>
/// <param name="Body">Its statements.</param>
/// <param name="Locals">The names that are its own, parameters included.</param>
internal sealed record XmFunctionCode(
    string Name,
    IReadOnlyList<string> Parameters,
    string? Star,
    string? StarStar,
    IReadOnlyList<XmStatement> Body,
    IReadOnlySet<string> Locals);
