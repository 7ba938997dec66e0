namespace XenDriverDomain.Xm.Values;

/// <summary>A tuple.</summary>
internal sealed class PyTuple(IReadOnlyList<object> items)
{
    public IReadOnlyList<object> Items { get; } = items;
}
