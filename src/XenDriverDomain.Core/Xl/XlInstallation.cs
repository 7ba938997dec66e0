using XenDriverDomain.XenStore;

namespace XenDriverDomain.Xl;

/// <summary>The xl of a host.</summary>
/// <param name="Path">Its absolute path, or just <c>xl</c> when it is found by the host's PATH.</param>
/// <param name="Version">Xen's version as <c>xl info</c> gives it (xen_major.xen_minor), for what differs between releases.</param>
public sealed record XlInstallation(string Path, Version Version)
{
    /// <summary>
    /// The path of the toolstack's own records of assignable devices: <c>/libxl/pci</c> since 4.15, <c>/libxl/pciback</c> before.
    /// </summary>
    internal XenStorePath PciRecordsPath => Version >= new Version(4, 15) ? XenPaths.PciRecords : XenPaths.OlderPciRecords;

    /// <summary>
    /// True when PCI devices can be given to domains (<c>xl info</c>'s virt_caps has hvm_directio or pv_directio), false when there
    /// is no IOMMU that Xen uses; null when xl does not say. It does not change until the host boots again.
    /// </summary>
    public bool? HasIommu { get; init; }
}
