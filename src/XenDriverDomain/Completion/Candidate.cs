namespace XenDriverDomain.Completion;

/// <summary>Something that a parameter can take.</summary>
/// <param name="Text">What is inserted.</param>
/// <param name="ToolTip">What it is, for a person.</param>
internal sealed record Candidate(string Text, string ToolTip)
{
    /// <summary>What a list shows of code, which is inserted as it is; null for a text, which is quoted where needed.</summary>
    public string? CodeLabel { get; init; }
}
