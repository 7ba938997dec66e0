namespace XenDriverDomain.Changes;

/// <summary>What became of a change that failed.</summary>
/// <param name="Undone">What was taken back, newest first, in words.</param>
/// <param name="Remaining">What could not be taken back and why; empty when the host is as it was.</param>
/// <param name="State">What the host looks like now, read after the undo; null when nobody could tell.</param>
public sealed record ChangeOutcome(IReadOnlyList<string> Undone, IReadOnlyList<string> Remaining, string? State)
{
    /// <summary>Steps that were carried out and have no undo, because keeping them does no harm; newest first, in words.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];
}
