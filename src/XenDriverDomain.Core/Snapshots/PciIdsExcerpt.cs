using System.Globalization;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Snapshots;

/// <summary>The part of pci.ids that names the functions of one host, in the format of the whole.</summary>
internal static class PciIdsExcerpt
{
    /// <summary>Where it is in a snapshot.</summary>
    public const string Path = "/usr/share/misc/pci.ids";

    // No base class has a subclass of this number in pci.ids, so its own name is found.
    private const int NoSubclass = 0xfe;

    /// <summary>Makes it; empty when no name is known.</summary>
    public static string Make(PciIds ids, IReadOnlyList<PciDevice> devices)
    {
        StringBuilder text = new();
        foreach (IGrouping<ushort, PciDevice> vendor in devices.GroupBy(device => device.VendorId).OrderBy(group => group.Key))
        {
            if (ids.FindVendor(vendor.Key) is { } vendorName)
            {
                Line(text, 0, $"{vendor.Key:x4}", vendorName);
                AddDevices(text, ids, vendor);
            }
        }

        foreach (IGrouping<int, PciDevice> wide in devices.GroupBy(device => device.ClassCode >> 16).OrderBy(group => group.Key))
        {
            if (ids.FindClass((wide.Key << 16) | (NoSubclass << 8)) is { } className)
            {
                Line(text, 0, $"C {wide.Key:x2}", className);
                AddSubclasses(text, ids, wide, className);
            }
        }

        return ByteText.Of(text.ToString().TrimEnd('\n'));
    }

    private static void AddDevices(StringBuilder text, PciIds ids, IEnumerable<PciDevice> devices)
    {
        foreach (IGrouping<ushort, PciDevice> same in devices.GroupBy(device => device.DeviceId).OrderBy(group => group.Key))
        {
            PciDevice one = same.First();
            if (ids.FindDevice(one.VendorId, one.DeviceId) is not { } name)
            {
                continue;
            }

            Line(text, 1, $"{one.DeviceId:x4}", name);
            foreach ((ushort vendor, ushort device) in same.Select(d => (d.SubsystemVendorId, d.SubsystemDeviceId)).Distinct().Order())
            {
                if (ids.FindSubsystem(one.VendorId, one.DeviceId, vendor, device) is { } card)
                {
                    Line(text, 2, $"{vendor:x4} {device:x4}", card);
                }
            }
        }
    }

    private static void AddSubclasses(StringBuilder text, PciIds ids, IEnumerable<PciDevice> devices, string baseName)
    {
        foreach (IGrouping<int, PciDevice> same in devices.GroupBy(device => (device.ClassCode >> 8) & 0xff).OrderBy(group => group.Key))
        {
            if (ids.FindClass(same.First().ClassCode) is not { } name || name == baseName)
            {
                continue;
            }

            Line(text, 1, $"{same.Key:x2}", name);
            foreach (int code in same.Select(device => device.ClassCode).Distinct().Order())
            {
                if (ids.FindInterface(code) is { } interfaceName)
                {
                    Line(text, 2, $"{code & 0xff:x2}", interfaceName);
                }
            }
        }
    }

    private static void Line(StringBuilder text, int depth, string number, string name) =>
        text.Append('\t', depth).Append(CultureInfo.InvariantCulture, $"{number}  {name}\n");
}
