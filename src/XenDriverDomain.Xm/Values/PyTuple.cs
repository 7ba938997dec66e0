namespace XenDriverDomain.Xm.Values;

/// <summary>A tuple.</summary>
internal sealed class PyTuple(IReadOnlyList<object> items)
{
    public IReadOnlyList<object> Items { get; } = items;
}

/// <summary>A list.</summary>
internal sealed class PyList(List<object> items)
{
    public List<object> Items { get; } = items;
}
