namespace XenDriverDomain.Xm.Values;

/// <summary>The arguments of a call.</summary>
/// <param name="Name">The function's name, for errors.</param>
/// <param name="Positional">By position.</param>
/// <param name="Named">By name; null when there are none.</param>
internal sealed record PyArguments(string Name, IReadOnlyList<object> Positional, IReadOnlyDictionary<string, object>? Named)
{
    public int Count => Positional.Count;

    public object this[int index] => Positional[index];

    /// <summary>Refuses another number of arguments, and named ones.</summary>
    public void Expect(int least, int most)
    {
        ExpectNames();
        if (Count < least || Count > most)
        {
            throw PyRaise.TypeError(
                $"{Name}() takes {(least == most ? $"{least}" : $"{least} to {most}")} arguments ({Count} given)");
        }
    }

    /// <summary>Refuses named arguments other than these.</summary>
    public void ExpectNames(params string[] names)
    {
        if (Named?.Keys.FirstOrDefault(k => !names.Contains(k, StringComparer.Ordinal)) is string odd)
        {
            throw PyRaise.TypeError($"{Name}() got an unexpected keyword argument '{odd}'");
        }
    }

    /// <summary>The named argument, else the positional one, else null.</summary>
    public object? Find(string name, int index) =>
        Named is not null && Named.TryGetValue(name, out object? value) ? value : index < Count ? Positional[index] : null;

    public string Text(int index) => Positional[index] is PyString text
        ? text.Text
        : throw PyRaise.TypeError($"{Name}() argument {index + 1} must be string, not {PyType.NameOf(Positional[index])}");

    public int Index(int index) => (int)Math.Clamp(Long(index), int.MinValue, int.MaxValue);

    public long Long(int index) => Positional[index] switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        System.Numerics.BigInteger big => big.Sign < 0 ? int.MinValue : int.MaxValue,
        _ => throw PyRaise.TypeError($"{Name}() argument {index + 1} must be int, not {PyType.NameOf(Positional[index])}"),
    };
}
