using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>A disk of a configuration.</summary>
/// <param name="Text">The disk string.</param>
/// <param name="Location">Where it was written.</param>
/// <param name="Spec">What it says; null when it is malformed, of which a finding tells.</param>
public sealed record ConfigDisk(string Text, ConfigLocation Location, DiskSpec? Spec) : ConfigItem(Text, Location)
{
    /// <summary>The image or block device, a path in the back-end domain; null for an empty drive.</summary>
    public string? Target => Spec?.Target;

    /// <summary>The device in the guest.</summary>
    public string? VirtualDevice => Spec?.VirtualDevice;

    /// <summary>The back-end domain; null for dom0.</summary>
    public string? Backend => Spec?.Backend?.ToString();
}
