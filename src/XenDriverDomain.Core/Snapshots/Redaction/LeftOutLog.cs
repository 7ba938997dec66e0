namespace XenDriverDomain.Snapshots.Redaction;

/// <summary>Counts what a recording leaves out. Safe for use by several threads.</summary>
internal sealed class LeftOutLog
{
    private readonly Dictionary<(string What, string Why), int> _counts = [];

    /// <summary>Notes some more of a thing.</summary>
    public void Add(string what, string why, int count = 1)
    {
        if (count > 0)
        {
            lock (_counts)
            {
                _counts[(what, why)] = _counts.GetValueOrDefault((what, why)) + count;
            }
        }
    }

    /// <summary>All of it, in order.</summary>
    public IReadOnlyList<LeftOut> ToList()
    {
        lock (_counts)
        {
            return
            [
                .. _counts.Select(one => new LeftOut(one.Key.What, one.Key.Why, one.Value))
                    .OrderBy(one => one.What, StringComparer.Ordinal).ThenBy(one => one.Why, StringComparer.Ordinal),
            ];
        }
    }
}

/// <summary>Something that a snapshot does not have.</summary>
/// <param name="What">What it is.</param>
/// <param name="Why">Why it was left out.</param>
/// <param name="Count">How many of it there are; 1 for a thing as a whole.</param>
public sealed record LeftOut(string What, string Why, int Count)
{
    /// <summary>In words.</summary>
    public override string ToString() => Count == 1 ? $"{What}: {Why}" : $"{What} ({Count}): {Why}";
}
