using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend.Sxp;

/// <summary>A word or a quoted string; xend makes no difference between them.</summary>
/// <param name="Location">Where it begins.</param>
/// <param name="Text">What it says.</param>
/// <param name="IsQuoted">True for a quoted string.</param>
public sealed record SxpAtom(ConfigLocation Location, string Text, bool IsQuoted) : SxpValue(Location)
{
    /// <summary>The text, fit to be shown.</summary>
    public override string ToString() => Terminal.Text.Show(Text);
}
