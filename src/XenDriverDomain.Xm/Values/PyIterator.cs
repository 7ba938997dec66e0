namespace XenDriverDomain.Xm.Values;

/// <summary>Something that can be gone through once: a generator expression, reversed(), enumerate().</summary>
internal sealed class PyIterator(IEnumerable<object> items)
{
    private readonly IEnumerator<object> _items = items.GetEnumerator();

    public IEnumerable<object> Rest()
    {
        while (_items.MoveNext())
        {
            yield return _items.Current;
        }
    }
}
