namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>A token's place in the text. Blanks lie between tokens; a comment is part of the NewLine that ends it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index behind its last character.</param>
internal readonly record struct XlToken(XlTokenKind Kind, int Start, int End);
