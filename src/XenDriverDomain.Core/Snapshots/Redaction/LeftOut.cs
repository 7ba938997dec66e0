namespace XenDriverDomain.Snapshots.Redaction;

/// <summary>Something that a snapshot does not have.</summary>
/// <param name="What">What it is.</param>
/// <param name="Why">Why it was left out.</param>
/// <param name="Count">How many of it there are; 1 for a thing as a whole.</param>
public sealed record LeftOut(string What, string Why, int Count)
{
    /// <summary>In words.</summary>
    public override string ToString() => Count == 1 ? $"{What}: {Why}" : $"{What} ({Count}): {Why}";
}
