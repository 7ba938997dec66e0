namespace XenDriverDomain.Xm.Values;

/// <summary>A dict. It keeps the order of insertion, where Python 2 promises none.</summary>
internal sealed class PyDict(IEqualityComparer<object> comparer)
{
    private readonly Dictionary<object, int> _index = new(comparer);
    private readonly List<KeyValuePair<object, object>?> _entries = [];

    public int Count => _index.Count;

    /// <summary>The entries, oldest first.</summary>
    public IEnumerable<KeyValuePair<object, object>> Entries => _entries.Where(e => e is not null).Select(e => e!.Value);

    public bool TryGet(object key, out object value)
    {
        bool found = _index.TryGetValue(key, out int at);
        value = found ? _entries[at]!.Value.Value : PyNone.Value;
        return found;
    }

    public void Set(object key, object value)
    {
        if (_index.TryGetValue(key, out int at))
        {
            _entries[at] = new(_entries[at]!.Value.Key, value);
            return;
        }

        _index.Add(key, _entries.Count);
        _entries.Add(new(key, value));
    }

    public bool Remove(object key)
    {
        if (!_index.Remove(key, out int at))
        {
            return false;
        }

        _entries[at] = null;
        if (at == _entries.Count - 1)
        {
            _entries.RemoveAt(at);
        }

        return true;
    }

    public void Clear()
    {
        _index.Clear();
        _entries.Clear();
    }
}

/// <summary>A set: a dict without values.</summary>
internal sealed class PySet(IEqualityComparer<object> comparer)
{
    public PyDict Members { get; } = new(comparer);

    public IEnumerable<object> Items => Members.Entries.Select(e => e.Key);

    public void Add(object item) => Members.Set(item, PyNone.Value);
}
