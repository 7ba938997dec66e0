using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>A list of values.</summary>
public sealed record XlConfigList : XlConfigValue
{
    internal XlConfigList(IReadOnlyList<XlConfigValue> items, ConfigLocation location, int start, int end)
        : base(location, start, end) => Items = items;

    /// <summary>The elements.</summary>
    public IReadOnlyList<XlConfigValue> Items { get; }

    /// <summary>A list that was not read from a file.</summary>
    public static XlConfigList Of(IEnumerable<XlConfigValue> items) => new([.. items], default, 0, 0);
}
