namespace XenDriverDomain.Xm.Values;

/// <summary>A set: a dict without values.</summary>
internal sealed class PySet(IEqualityComparer<object> comparer)
{
    public PyDict Members { get; } = new(comparer);

    public IEnumerable<object> Items => Members.Entries.Select(e => e.Key);

    public void Add(object item) => Members.Set(item, PyNone.Value);
}
