using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>
/// Devices of a sort: <c>VENDOR:DEVICE[:SUBVENDOR:SUBDEVICE]</c> in hexadecimal, where ffff for one of the last two means any, as in
/// xend's policy files (tools/python/xen/xend/server/pciquirk.py of Xen 4.1).
/// </summary>
/// <param name="Vendor">Vendor id.</param>
/// <param name="Device">Device id.</param>
/// <param name="SubsystemVendor">Subsystem vendor id; null for any.</param>
/// <param name="SubsystemDevice">Subsystem device id; null for any.</param>
public sealed record PciIdPattern(ushort Vendor, ushort Device, ushort? SubsystemVendor = null, ushort? SubsystemDevice = null)
{
    private const ushort Any = 0xffff;

    /// <summary>Reads a pattern; says why not where that is so.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PciIdPattern? pattern, [NotNullWhen(false)] out string? why)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = null;
        ushort[] ids = new ushort[4];
        string[] parts = text.Split(':');
        if (parts.Length is not (2 or 4)
            || parts.Where((part, i) => part.Length != 4
                || !ushort.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ids[i])).Any())
        {
            why = "it is not VENDOR:DEVICE or VENDOR:DEVICE:SUBVENDOR:SUBDEVICE, each of four hexadecimal digits";
            return false;
        }

        pattern = new PciIdPattern(ids[0], ids[1], Sub(2), Sub(3));
        why = null;
        return true;

        ushort? Sub(int i) => parts.Length == 4 && ids[i] != Any ? ids[i] : null;
    }

    /// <summary>Whether a device is one of them.</summary>
    public bool Matches(PciDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.VendorId == Vendor && device.DeviceId == Device
            && (SubsystemVendor is null || SubsystemVendor == device.SubsystemVendorId)
            && (SubsystemDevice is null || SubsystemDevice == device.SubsystemDeviceId);
    }

    /// <summary>In lower case; the subsystem is left out when any will do.</summary>
    public override string ToString() => SubsystemVendor is null && SubsystemDevice is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Vendor:x4}:{Device:x4}")
        : string.Create(
            CultureInfo.InvariantCulture, $"{Vendor:x4}:{Device:x4}:{SubsystemVendor ?? Any:x4}:{SubsystemDevice ?? Any:x4}");
}
