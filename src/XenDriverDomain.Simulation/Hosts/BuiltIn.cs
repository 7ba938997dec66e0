using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>What the built-in hosts have in common: terse ways to write data down, drivers that every kernel has, guests' files.</summary>
internal static class BuiltIn
{
    // include/linux/ioport.h: memory, I/O ports, memory with 64-bit addresses, the same to be read ahead.
    private const ulong Memory = 0x40200;
    private const ulong Ports = 0x40101;
    private const ulong Memory64 = 0x140204;
    private const ulong Prefetchable64 = 0x14220c;

    /// <summary>The kernel, initial RAM disk and configuration of a guest, in root's home.</summary>
    public static IReadOnlyDictionary<string, string> GuestFiles { get; } = new Dictionary<string, string>
    {
        ["/root/vmlinuz"] = "\x7f" + "ELF simulated kernel\n",
        ["/root/guest.config"] = KernelConfigurations.GuestOnly,
        ["/root/guest.gz"] = "simulated initial RAM disk\n",
        ["/root/client.cfg"] = """
            # A client without a vif: it pings the emulated network's gateway through whatever vif it is given.
            name = "fe1"
            type = "pv"
            kernel = "/root/vmlinuz"
            ramdisk = "/root/guest.gz"
            extra = "console=hvc0 quiet rodata=off role=client"
            memory = 320
            vcpus = 1

            """,
    };

    /// <summary>Drivers that take only what they are told to.</summary>
    public static IReadOnlyList<DriverDescription> Stubs { get; } =
    [
        new("pci-stub", "pci-stub", false),
        new("uio_pci_generic", "uio_pci_generic", false),
        new("vfio-pci", "vfio-pci", false),
    ];

    /// <summary>Modules of a dom0 that are no PCI drivers, and whether they are loaded.</summary>
    public static IReadOnlyDictionary<string, bool> Modules { get; } = new Dictionary<string, bool>
    {
        ["bridge"] = true,
        ["xenfs"] = true,
        ["xen-evtchn"] = true,
        ["xen-gntdev"] = true,
        ["xen-gntalloc"] = true,
        ["xen-privcmd"] = true,
        ["xen-netback"] = true,
        ["xen-blkback"] = true,
        ["loop"] = false,
        ["tun"] = false,
        ["8021q"] = false,
        ["bonding"] = false,
    };

    /// <summary>An alias for one chip.</summary>
    public static string Chip(int vendor, int device) => $"pci:v{vendor:X8}d{device:X8}sv*sd*bc*sc*i*";

    /// <summary>An alias for a class.</summary>
    public static string OfClass(int code) => $"pci:v*d*sv*sd*bc{code >> 16:X2}sc{(code >> 8) & 0xff:X2}i{code & 0xff:X2}*";

    /// <summary>A function, by <c>BB:DD.F</c>, <c>vendor:device</c> and <c>vendor:device</c> of the card.</summary>
    public static FunctionDescription Function(string address, int classCode, string chip, string card, string? behind = null) =>
        new(PciAddress.Parse(address))
        {
            Parent = behind is null ? null : PciAddress.Parse(behind),
            ClassCode = classCode,
            VendorId = Hex(chip[..4]),
            DeviceId = Hex(chip[5..]),
            SubsystemVendorId = Hex(card[..4]),
            SubsystemDeviceId = Hex(card[5..]),
        };

    /// <summary>A register in memory.</summary>
    public static PciBar Mem(int index, ulong start, ulong length) => new(index, start, length, Memory);

    /// <summary>A register in I/O space.</summary>
    public static PciBar Io(int index, ulong start, ulong length) => new(index, start, length, Ports);

    /// <summary>A register in memory with a 64-bit address.</summary>
    public static PciBar Mem64(int index, ulong start, ulong length) => new(index, start, length, Memory64);

    /// <summary>A register in memory with a 64-bit address, which may be read ahead.</summary>
    public static PciBar Pref64(int index, ulong start, ulong length) => new(index, start, length, Prefetchable64);

    private static ushort Hex(string digits) => Convert.ToUInt16(digits, 16);
}
