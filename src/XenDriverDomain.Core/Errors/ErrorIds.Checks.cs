namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>The user on dom0 is not root.</summary>
    public const string NotRoot = nameof(NotRoot);

    /// <summary>The system does not run on Xen, or is not its control domain.</summary>
    public const string NotControlDomain = nameof(NotControlDomain);

    /// <summary>The pciback driver is not loaded.</summary>
    public const string PcibackNotLoaded = nameof(PcibackNotLoaded);

    /// <summary>An element of pciback's hide= parameter is malformed, which keeps the whole driver from loading.</summary>
    public const string PcibackHideMalformed = nameof(PcibackHideMalformed);

    /// <summary>Xen uses no IOMMU, without which no device can be given to a domain.</summary>
    public const string NoIommu = nameof(NoIommu);

    /// <summary>The address is that of a bridge.</summary>
    public const string PciDeviceIsBridge = nameof(PciDeviceIsBridge);

    /// <summary>The address is that of the host bridge.</summary>
    public const string PciDeviceIsHostBridge = nameof(PciDeviceIsHostBridge);

    /// <summary>dom0 lives on the device: its disk, its only route, its console.</summary>
    public const string PciDeviceVitalToDom0 = nameof(PciDeviceVitalToDom0);

    /// <summary>A domain uses the device, or a virtual function of it.</summary>
    public const string PciDeviceInUseByDomain = nameof(PciDeviceInUseByDomain);

    /// <summary>The kernel knows no way to reset the device.</summary>
    public const string PciDeviceCannotReset = nameof(PciDeviceCannotReset);

    /// <summary>Other functions of the same slot stay with drivers of dom0.</summary>
    public const string PciSiblingsInDom0 = nameof(PciSiblingsInDom0);

    /// <summary>Other devices behind the same PCI bridge are one with the device in the IOMMU's eyes.</summary>
    public const string PciPeersBehindBridge = nameof(PciPeersBehindBridge);

    /// <summary>Registers of the device lie in one page with those of another one, which its domain would then reach, too.</summary>
    public const string PciPagesShared = nameof(PciPagesShared);

    /// <summary>The device's interrupt line is in use by devices that stay with dom0 or another domain.</summary>
    public const string PciInterruptShared = nameof(PciInterruptShared);

    /// <summary>The device has virtual functions that vanish with its driver.</summary>
    public const string PciVirtualFunctionsVanish = nameof(PciVirtualFunctionsVanish);
}
