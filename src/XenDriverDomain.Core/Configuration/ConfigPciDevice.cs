using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Configuration;

/// <summary>A PCI device of a configuration.</summary>
/// <param name="Text">The PCI_SPEC_STRING.</param>
/// <param name="Location">Where it was written.</param>
/// <param name="Spec">What it says; null when it is malformed, of which a finding tells.</param>
public sealed record ConfigPciDevice(string Text, ConfigLocation Location, PciSpec? Spec) : ConfigItem(Text, Location)
{
    /// <summary>The device function; null for a device by name.</summary>
    public PciAddress? Address => Spec?.Address;
}
