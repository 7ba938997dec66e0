namespace XenDriverDomain.Xm.Syntax;

/// <summary>The names that a function binds, and those that it declares global.</summary>
internal sealed class XmNameCollector
{
    private readonly HashSet<string> _globals = new(StringComparer.Ordinal);

    public HashSet<string> Bound { get; } = new(StringComparer.Ordinal);

    public void DeclareGlobal(string name) => _globals.Add(name);

    public HashSet<string> Locals()
    {
        Bound.ExceptWith(_globals);
        return Bound;
    }
}
