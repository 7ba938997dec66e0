using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>A value in xl.cfg: an atom (a number or a string) or a list.</summary>
internal abstract record XlConfigValue
{
    private protected XlConfigValue(ConfigLocation location, int start, int end)
    {
        Location = location;
        Start = start;
        End = end;
    }

    /// <summary>Where it stands; the default for a value that was not read.</summary>
    public ConfigLocation Location { get; }

    // Extent in the document's text.
    internal int Start { get; }

    internal int End { get; }
}

/// <summary>A list of values.</summary>
internal sealed record XlConfigList : XlConfigValue
{
    internal XlConfigList(IReadOnlyList<XlConfigValue> items, ConfigLocation location, int start, int end)
        : base(location, start, end) => Items = items;

    /// <summary>The elements.</summary>
    public IReadOnlyList<XlConfigValue> Items { get; }

    /// <summary>A list that was not read from a file.</summary>
    public static XlConfigList Of(IEnumerable<XlConfigValue> items) => new([.. items], default, 0, 0);
}
