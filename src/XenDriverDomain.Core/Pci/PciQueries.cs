using XenDriverDomain.Access;

namespace XenDriverDomain.Pci;

/// <summary>
/// Everything about all PCI functions, and what dom0 uses them for, in one round trip. Only attributes that the kernel answers
/// from memory: never config, vpd, rom or resourceN, which reach the hardware.
/// </summary>
internal static class PciQueries
{
    public const string Devices = "/sys/bus/pci/devices";
    public const string Net = "/sys/class/net";
    public const string Block = "/sys/class/block";
    public const string Usb = "/sys/bus/usb/devices";
    public const string Input = "/sys/class/input";
    public const string Tty = "/sys/class/tty";

    public static BulkQuery All { get; } = new(
        Files:
        [
            .. Of(
                Devices, "vendor", "device", "class", "subsystem_vendor", "subsystem_device", "revision", "irq", "numa_node",
                "resource", "reset_method", "boot_vga", "modalias"),
            PcibackPaths.Directory + "/slots",
            PcibackPaths.Directory + "/permissive",
            PciOwners.Capabilities,
            "/proc/sys/kernel/osrelease",
            "/proc/swaps",
            "/proc/1/mountinfo",
            "/proc/self/mountinfo",
            "/proc/net/route",
            "/proc/net/ipv6_route",
            .. Of(Net, "operstate"),
            .. Of(Block, "dev", "dm/name", "dm/uuid"),
            .. Of(Usb, "product", "manufacturer", "bInterfaceClass"),
            Input + "/input*/capabilities/ev",
            Tty + "/console/active",
        ],
        Links:
        [
            Devices + "/*",
            .. Of(Devices, "driver", "physfn", "virtfn*"),
            Net + "/*",
            Block + "/*",
            Usb + "/*",
            Input + "/input*",
            Tty + "/ttyS*",
            "/sys/class/drm/card*",
            "/sys/class/graphics/fb*",
        ],
        Names:
        [
            .. Of(Devices, "reset", "max_link_speed", "msi_irqs", "msi_irqs/*"),
            .. Of(Net, "upper_*", "bonding", "bridge"),
            Block + "/*/slaves/*",
            "/sys/fs/btrfs/*/devices/*",
        ]);

    /// <summary>All functions, their drivers, and what pciback says of them.</summary>
    public static BulkQuery Brief { get; } = BriefOf("*");

    /// <summary>One function, its driver, and what pciback says of it.</summary>
    public static BulkQuery Alone(PciAddress address) => BriefOf(address.ToString());

    private static BulkQuery BriefOf(string name) => new(
        Files:
        [
            $"{Devices}/{name}/vendor",
            $"{Devices}/{name}/device",
            $"{Devices}/{name}/class",
            PcibackPaths.Directory + "/slots",
            PcibackPaths.Directory + "/permissive",
            PciOwners.Capabilities,
        ],
        Links: [$"{Devices}/{name}", $"{Devices}/{name}/driver"],
        Names: []);

    private static IEnumerable<string> Of(string folder, params string[] names) => names.Select(name => $"{folder}/*/{name}");
}
