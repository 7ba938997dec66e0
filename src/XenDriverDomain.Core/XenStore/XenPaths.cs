using System.Globalization;

namespace XenDriverDomain.XenStore;

/// <summary>Where Xen's parts keep what they write into xenstore (docs/misc/xenstore-paths.pandoc), and how such paths are read.</summary>
internal static class XenPaths
{
    private const string DomainPrefix = "/local/domain/";

    /// <summary>The homes of all domains.</summary>
    public static XenStorePath Domains { get; } = XenStorePath.Parse("/local/domain");

    /// <summary>The toolstack's records of all domains and devices, where no guest can write.</summary>
    public static XenStorePath Libxl { get; } = XenStorePath.Parse("/libxl");

    /// <summary>What the toolstack keeps of domains by UUID.</summary>
    public static XenStorePath Vms { get; } = XenStorePath.Parse("/vm");

    /// <summary>
    /// The toolstack's records of PCI functions since Xen 4.15: <c>KEY/{driver_path,name,domid}</c> (libxl_pci.c, pci_info_xs_write).
    /// </summary>
    public static XenStorePath PciRecords { get; } = Libxl / "pci";

    /// <summary>Those of older toolstacks: <c>KEY/driver_path</c> (libxl_pci.c, pci_assignable_driver_path_write).</summary>
    public static XenStorePath OlderPciRecords { get; } = Libxl / "pciback";

    /// <summary>A domain's home, which the domain can read.</summary>
    public static XenStorePath Home(int domid) => Domains / domid;

    /// <summary>A domain's name; what has none is no domain.</summary>
    public static XenStorePath Name(int domid) => Home(domid) / "name";

    /// <summary>The toolstack's records of a domain.</summary>
    public static XenStorePath Records(int domid) => Libxl / domid;

    /// <summary>The toolstack's records of a domain's devices, by kind and number.</summary>
    public static XenStorePath DeviceRecords(int domid) => Records(domid) / "device";

    /// <summary>The toolstack's records of a domain's devices of one kind, by number.</summary>
    public static XenStorePath DeviceRecords(int domid, string kind) => DeviceRecords(domid) / kind;

    /// <summary>A guest's end of a device.</summary>
    public static XenStorePath Frontend(int guest, string kind, int devid) => Home(guest) / "device" / kind / devid;

    /// <summary>The back ends of one kind in a domain, by guest and number.</summary>
    public static XenStorePath Backends(int domid, string kind) => Home(domid) / "backend" / kind;

    /// <summary>The back end of a guest's device.</summary>
    public static XenStorePath Backend(int domid, string kind, int guest, int devid) => Backends(domid, kind) / guest / devid;

    /// <summary>
    /// Where the kernel of a back-end domain writes, as <c>error</c>, why a device failed (drivers/xen/xenbus/xenbus_client.c,
    /// xenbus_va_dev_error).
    /// </summary>
    public static XenStorePath BackendError(int domid, string kind, int guest, int devid) =>
        Home(domid) / "error" / "backend" / kind / guest / devid;

    /// <summary>The decimal numbers among the names of a list, ascending; what else is there is nobody's device or domain.</summary>
    public static IEnumerable<int> Numbers(IReadOnlyList<string>? names, int max) => (names ?? [])
        .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)
        .Where(number => number >= 0 && number <= max)
        .Distinct()
        .Order();

    /// <summary>The domid in a back end's path as libxl writes it, for any kind of device; null when the text is no such path.</summary>
    public static int? BackendDomidOf(string? path)
    {
        if (path is null || !path.StartsWith(DomainPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        int end = path.IndexOf('/', DomainPrefix.Length);
        return end > 0 && path.AsSpan(end).StartsWith("/backend/", StringComparison.Ordinal)
            && int.TryParse(
                path.AsSpan(DomainPrefix.Length, end - DomainPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int domid)
            ? domid
            : null;
    }

    /// <summary>The UUID in what a domain's <c>vm</c> says (<c>/vm/UUID</c>); null when it is none.</summary>
    public static Guid? UuidOf(string? vm) =>
        XenStorePath.TryParse(vm, out XenStorePath path) && path.Parent == Vms && Guid.TryParseExact(path.Name, "D", out Guid uuid)
            ? uuid
            : null;
}
