using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>A value in xl.cfg: an atom (a number or a string) or a list.</summary>
public abstract record XlConfigValue
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
