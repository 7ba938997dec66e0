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
