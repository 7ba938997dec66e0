namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A text is no PCI address.</summary>
    public const string PciAddressMalformed = nameof(PciAddressMalformed);

    /// <summary>No PCI function has that address.</summary>
    public const string PciDeviceNotFound = nameof(PciDeviceNotFound);

    /// <summary>dom0 has no network interface of that name.</summary>
    public const string InterfaceNotFound = nameof(InterfaceNotFound);

    /// <summary>dom0 has that network interface, but no PCI function is behind it.</summary>
    public const string InterfaceHasNoPciDevice = nameof(InterfaceHasNoPciDevice);

    /// <summary>dom0 has no disk of that name.</summary>
    public const string DiskNotFound = nameof(DiskNotFound);

    /// <summary>dom0 has that block device, but no PCI function is behind it.</summary>
    public const string DiskHasNoPciDevice = nameof(DiskHasNoPciDevice);
}
