using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;

namespace XenDriverDomain.Configuration;

/// <summary>A network interface of a configuration.</summary>
/// <param name="Text">The vif string.</param>
/// <param name="Location">Where it was written.</param>
/// <param name="Spec">What it says; null when it is malformed, of which a finding tells.</param>
public sealed record ConfigVif(string Text, ConfigLocation Location, VifSpec? Spec) : ConfigItem(Text, Location)
{
    /// <summary>The guest's address; null for a random one.</summary>
    public MacAddress? Mac => Spec?.Mac;

    /// <summary>The bridge; null for xl's default.</summary>
    public string? Bridge => Spec?.Bridge;

    /// <summary>The back-end domain; null for dom0.</summary>
    public string? Backend => Spec?.Backend?.ToString();
}
