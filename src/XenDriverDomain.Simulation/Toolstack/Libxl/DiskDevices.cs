using System.Globalization;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>
/// Disks as the toolstack keeps them (libxl_disk.c). Nothing is read from or written to them: both ends are connected from the start.
/// </summary>
internal static class DiskDevices
{
    /// <summary>Their kind in xenstore.</summary>
    public const string Kind = "vbd";

    /// <summary>The domain that a disk names as its back end; null when there is none of that name.</summary>
    public static int? BackendOf(XlProcess process, DiskSpec spec) =>
        spec.Backend is not { } backend ? 0 : backend.Domid ?? DomainNames.Find(process, backend.Name!);

    /// <summary>Adds a disk.</summary>
    public static void Add(XlProcess process, int domid, DiskSpec spec, int backend)
    {
        DeviceId device = new(Kind, domid, backend, NumberOf(spec.VirtualDevice!));
        DomainStore store = process.Store;
        store.Store.Transact(() =>
        {
            (string Key, string Value)[] back =
            [
                ("frontend-id", Text(domid)), ("params", spec.Target ?? string.Empty), ("script", "/etc/xen/scripts/block"),
                ("online", "1"),
                ("removable", spec.IsCdrom ? "1" : "0"), ("bootable", "1"), ("state", "4"), ("dev", spec.VirtualDevice!), ("type", "phy"),
                ("mode", spec.IsWritable ? "w" : "r"), ("device-type", spec.IsCdrom ? "cdrom" : "disk"), ("hotplug-status", "connected"),
            ];
            (string Key, string Value)[] front =
            [
                ("backend", device.Backend), ("backend-id", Text(backend)), ("state", "4"), ("virtual-device", Text(device.Devid)),
                ("device-type", spec.IsCdrom ? "cdrom" : "disk"),
            ];
            store.Make(device.Frontend, domid, backend);
            store.Make(device.Backend, backend, domid);
            store.Write($"{device.Backend}/frontend", device.Frontend);
            store.Write($"{device.Record}/frontend", device.Frontend);
            store.Write($"{device.Record}/backend", device.Backend);
            foreach ((string key, string value) in front)
            {
                store.Write($"{device.Frontend}/{key}", value);
            }

            foreach ((string key, string value) in back)
            {
                store.Write($"{device.Backend}/{key}", value);
                store.Write($"{device.Record}/{key}", value);
            }
        });
    }

    /// <summary>The number of a device in the guest (libxl__device_disk_dev_number): xvda1, hdc, sdb, d0p1 is not among them.</summary>
    private static int NumberOf(string device)
    {
        string letters = new([.. device.TakeWhile(char.IsAsciiLetter)]);
        int partition = int.TryParse(device[letters.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;
        (int prefix, int major, int shift) = letters switch
        {
            ['x', 'v', 'd', _, ..] => (3, 202, 4),
            ['h', 'd', _] => (2, letters[2] < 'c' ? 3 : 22, 6),
            ['s', 'd', _, ..] => (2, 8, 4),
            _ => (0, 202, 4),
        };
        int disk = letters[prefix..].Aggregate(0, (sum, c) => (sum * 26) + c - 'a' + 1) - 1;
        disk = shift == 6 ? disk % 2 : disk;
        return shift == 4 && disk > 15 ? (1 << 28) | (disk << 8) | partition : (major << 8) | (disk << shift) | partition;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
