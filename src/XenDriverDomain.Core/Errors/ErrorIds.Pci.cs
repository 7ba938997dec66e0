namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A text is no PCI address.</summary>
    public const string PciAddressMalformed = nameof(PciAddressMalformed);

    /// <summary>No PCI function has that address.</summary>
    public const string PciDeviceNotFound = nameof(PciDeviceNotFound);
}
