using static XenDriverDomain.Simulation.Hosts.BuiltIn;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>
/// A small server as people have one at home or under a desk: on-board NIC in a bridge with dom0's address, a dual-port card, one with
/// virtual functions, a Wi-Fi card that cannot be reset, two USB controllers, NVMe with LVM, a graphics unit, and conventional PCI cards
/// behind a PCI Express bridge.
/// </summary>
public static class DefaultHost
{
    private const string Release = "6.1.0-28-amd64";
    private const string Board = "15d9:1b0b";
    private const string XenCommands = "placeholder dom0_mem=4096M,max:4096M dom0_max_vcpus=4";
    private const string NoCard = "0000:0000";
    private const string Nvme = "/sys/devices/pci0000:00/0000:00:1b.0/0000:02:00.0/nvme/nvme0/nvme0n1";

    /// <summary>The description.</summary>
    public static HostDescription Create() => new()
    {
        Name = "default",
        HostName = "xenhost",
        KernelRelease = Release,
        IsDebian = true,
        KernelVersion = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)",
        KernelCommandLine = "placeholder root=/dev/mapper/vg0-root ro quiet",
        XenCommandLine = XenCommands,
        CpuCount = 8,
        Functions =
        [
            Function("00:00.0", 0x060000, "8086:3eca", Board) with { Revision = 7, IsPciExpress = false, Driver = "skl_uncore" },
            Port("00:01.0", "8086:1901", 16),
            Function("00:02.0", 0x030000, "8086:3e96", Board) with
            {
                Irq = 128,
                IsBootVga = true,
                Bars = [Mem64(0, 0xa2000000, 0x1000000), Pref64(2, 0xb0000000, 0x10000000), Io(4, 0x4000, 0x40)],
                ResetMethods = ["flr"],
                Driver = "i915",
                Children = [Parts.MessageInterrupts(128), .. Parts.Screen(0, "HDMI-A-1")],
            },
            Function("00:14.0", 0x0c0330, "8086:a36d", Board) with
            {
                Revision = 0x10,
                Irq = 129,
                IsPciExpress = false,
                Bars = [Mem64(0, 0xa4520000, 0x10000)],
                ResetMethods = ["pm"],
                Driver = "xhci_hcd",
                Children =
                [
                    Parts.MessageInterrupts(129),
                    .. Parts.UsbBus(1, Release),
                    .. Parts.UsbKeyboard(1, 2, "0003:046D:C31C.0001", 3, "USB Keyboard", "Logitech"),
                    .. Parts.UsbMouse(1, 3, "0003:046D:C077.0002", 5, "USB Optical Mouse", "Logitech"),
                    .. Parts.UsbBus(2, Release),
                ],
            },
            Function("00:16.0", 0x078000, "8086:a360", Board) with
            {
                Revision = 0x10,
                Irq = 130,
                IsPciExpress = false,
                Bars = [Mem64(0, 0xa4534000, 0x1000)],
                ResetMethods = ["pm"],
                Driver = "mei_me",
                Children = [Parts.MessageInterrupts(130)],
            },
            Function("00:17.0", 0x010601, "8086:a352", Board) with
            {
                Revision = 0x10,
                Irq = 131,
                IsPciExpress = false,
                Bars =
                [
                    Mem(0, 0xa4530000, 0x2000), Mem(1, 0xa4533000, 0x1000), Io(2, 0x4080, 8), Io(3, 0x4088, 4), Io(4, 0x4060, 0x20),
                    Mem(5, 0xa4532000, 0x1000),
                ],
                ResetMethods = ["pm"],
                Driver = "ahci",
                Children =
                [
                    Parts.MessageInterrupts(131),
                    .. Parts.Disk(
                        "ata1/host0/target0:0:0/0:0:0:0/block/sda", "8:0", 3907029168, new Partition("sda1", "8:1", 3907026944)),
                ],
            },
            Port("00:1b.0", "8086:a340", 122),
            Port("00:1c.0", "8086:a338", 123),
            Port("00:1d.0", "8086:a330", 124),
            Port("00:1d.1", "8086:a331", 125),
            Port("00:1d.2", "8086:a332", 126),
            Function("00:1f.0", 0x060100, "8086:a309", Board) with { Revision = 0x10, IsPciExpress = false },
            Function("00:1f.3", 0x040300, "8086:a348", Board) with
            {
                Revision = 0x10,
                Irq = 132,
                IsPciExpress = false,
                Bars = [Mem64(0, 0xa453c000, 0x4000), Mem64(4, 0xa4600000, 0x100000)],
                ResetMethods = ["pm"],
                Driver = "snd_hda_intel",
                Children = [Parts.MessageInterrupts(132)],
            },
            Function("00:1f.4", 0x0c0500, "8086:a323", Board) with
            {
                Revision = 0x10,
                Irq = 16,
                IsPciExpress = false,
                Bars = [Mem64(0, 0xa4535000, 0x100), Io(4, 0xefa0, 0x20)],
                Driver = "i801_smbus",
            },
            Function("00:1f.5", 0x0c8000, "8086:a324", Board) with
            {
                Revision = 0x10,
                IsPciExpress = false,
                Bars = [Mem(0, 0xfe010000, 0x1000)],
            },
            Function("00:1f.6", 0x020000, "8086:15bb", Board) with
            {
                Revision = 0x10,
                Irq = 133,
                IsPciExpress = false,
                Bars = [Mem(0, 0xa4500000, 0x20000)],
                ResetMethods = ["pm"],
                Driver = "e1000e",
                Children =
                [
                    Parts.MessageInterrupts(133),
                    Parts.NetworkInterface("eno1", "ac:1f:6b:10:20:30", isUp: true, bridge: "xenbr0"),
                ],
            },
            DualPort("01:00.0", "enp1s0f0", "3c:fd:fe:a0:00:00", 16, 0x9a000000),
            DualPort("01:00.1", "enp1s0f1", "3c:fd:fe:a0:00:01", 17, 0x99000000),
            Function("02:00.0", 0x010802, "144d:a808", "144d:a801", "00:1b.0") with
            {
                Irq = 18,
                Bars = [Mem64(0, 0xa4400000, 0x4000)],
                ResetMethods = ["flr", "bus"],
                Driver = "nvme",
                Children =
                [
                    Parts.MessageInterrupts(150, 9),
                    .. Parts.Disk(
                        "nvme/nvme0/nvme0n1",
                        "259:0",
                        976773168,
                        new Partition("nvme0n1p1", "259:1", 1048576),
                        new Partition("nvme0n1p2", "259:2", 2097152),
                        new Partition("nvme0n1p3", "259:3", 973625344)),
                ],
            },
            Function("03:00.0", 0x020000, "8086:1521", "8086:00a1", "00:1c.0") with
            {
                Revision = 1,
                Irq = 19,
                Bars = [Mem(0, 0xa3d00000, 0x100000), Io(2, 0x3000, 0x20), Mem(3, 0xa3e00000, 0x4000)],
                ResetMethods = ["flr", "bus"],
                Driver = "igb",
                Children = [Parts.MessageInterrupts(160, 9), Parts.NetworkInterface("enp3s0", "a0:36:9f:50:60:70")],
                VirtualFunctions = new VirtualFunctionsDescription(7, 4, 384, 4, 0x1520, "igbvf", "enp3s0v{0}"),
            },
            Function("05:00.0", 0x060400, "104c:8231", NoCard, "00:1d.0") with { Revision = 3, Irq = 20 },
            Function("06:01.0", 0x020000, "8086:100e", "8086:002e", "05:00.0") with
            {
                Revision = 2,
                Irq = 20,
                IsPciExpress = false,
                Bars = [Mem(0, 0xa4120000, 0x20000), Io(2, 0x2000, 0x40)],
                ResetMethods = ["pm"],
                Driver = "e1000",
                Children = [Parts.NetworkInterface("enp6s1", "00:0e:0c:30:40:50")],
            },
            Function("06:02.0", 0x0c0010, "1106:3044", "1106:3044", "05:00.0") with
            {
                Revision = 0xc0,
                Irq = 21,
                IsPciExpress = false,
                Bars = [Mem(0, 0xa4140000, 0x800), Io(1, 0x2040, 0x80)],
                ResetMethods = ["pm"],
                Driver = "firewire_ohci",
            },
            Function("07:00.0", 0x0c0330, "1912:0014", "1912:0014", "00:1d.1") with
            {
                Revision = 3,
                Irq = 22,
                Bars = [Mem64(0, 0xa4000000, 0x2000)],
                ResetMethods = ["pm", "bus"],
                Driver = "xhci_hcd",
                Children = [Parts.MessageInterrupts(170, 8), .. Parts.UsbBus(3, Release), .. Parts.UsbBus(4, Release)],
            },
            Function("08:00.0", 0x028000, "168c:0030", "168c:3112", "00:1d.2") with
            {
                Revision = 1,
                Irq = 23,
                Bars = [Mem64(0, 0xa3f00000, 0x20000)],
                Driver = "ath9k",
                Children = [Parts.NetworkInterface("wlp8s0", "04:f0:21:60:70:80")],
            },
        ],
        Drivers =
        [
            new(
                "pcieport",
                null,
                true,
                Chip(0x8086, 0x1901),
                Chip(0x8086, 0xa330),
                Chip(0x8086, 0xa331),
                Chip(0x8086, 0xa332),
                Chip(0x8086, 0xa338),
                Chip(0x8086, 0xa340)),
            new("skl_uncore", null, true, Chip(0x8086, 0x3eca)),
            new("xhci_hcd", "xhci-pci", true, OfClass(0x0c0330)),
            new("ahci", "ahci", true, OfClass(0x010601)),
            new("nvme", "nvme", true, OfClass(0x010802)),
            new("e1000e", "e1000e", true, Chip(0x8086, 0x15bb)),
            new("i40e", "i40e", true, Chip(0x8086, 0x1572)),
            new("igb", "igb", true, Chip(0x8086, 0x1521)),
            new("igbvf", "igbvf", true, Chip(0x8086, 0x1520)),
            new("e1000", "e1000", true, Chip(0x8086, 0x100e)),
            new("ath9k", "ath9k", true, Chip(0x168c, 0x0030)),
            new("firewire_ohci", "firewire-ohci", true, OfClass(0x0c0010)),
            new("i915", "i915", true, Chip(0x8086, 0x3e96)),
            new("snd_hda_intel", "snd-hda-intel", true, Chip(0x8086, 0xa348)),
            new("mei_me", "mei-me", true, Chip(0x8086, 0xa360)),
            new("i801_smbus", "i2c-i801", true, Chip(0x8086, 0xa323)),
            .. Stubs,
        ],
        OtherModules = Modules,
        OtherDevices =
        [
            Parts.Loopback(),
            .. Parts.Bridge(
                "xenbr0",
                "ac:1f:6b:10:20:30",
                new Dictionary<string, string> { ["eno1"] = "/sys/devices/pci0000:00/0000:00:1f.6/net/eno1" }),
            .. Parts.MappedVolume("dm-0", "253:0", 104857600, "vg0-root", "LVM-aaaa", ("nvme0n1p3", $"{Nvme}/nvme0n1p3")),
            .. Parts.MappedVolume("dm-1", "253:1", 16777216, "vg0-swap", "LVM-bbbb", ("nvme0n1p3", $"{Nvme}/nvme0n1p3")),
            new("virtual/graphics/fbcon") { Classes = ["/sys/class/graphics"] },
        ],
        Addresses =
        [
            new("lo", "127.0.0.1/8", "host"),
            new("lo", "::1/128", "host"),
            new("xenbr0", "192.168.1.10/24"),
            new("xenbr0", "fe80::ae1f:6bff:fe10:2030/64", "link"),
        ],
        Routes =
        [
            new("xenbr0", "0.0.0.0/0", "192.168.1.1"),
            new("xenbr0", "192.168.1.0/24"),
        ],
        Mounts =
        [
            "22 28 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw",
            "23 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw",
            "24 28 0:5 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=1966080k,nr_inodes=491520,mode=755,inode64",
            "26 28 0:23 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=402432k,mode=755,inode64",
            "28 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/vg0-root rw,errors=remount-ro",
            "35 23 0:31 / /proc/xen rw,relatime shared:16 - xenfs xenfs rw",
            "40 28 259:2 / /boot rw,relatime shared:29 - ext4 /dev/nvme0n1p2 rw",
            "42 40 259:1 / /boot/efi rw,relatime shared:31 - vfat /dev/nvme0n1p1 rw,fmask=0077,dmask=0077",
        ],
        Swaps = ["/dev/dm-1                               partition\t8388604\t\t0\t\t-2"],
        Files = new Dictionary<string, string>(UsualFiles(XenCommands, hasInitramfsTools: true))
        {
            [$"/boot/config-{Release}"] = KernelConfigurations.Debian("6.1.119"),
            [$"/boot/initrd.img-{Release}"] = string.Empty,

            // What the help's examples and the README name.
            ["/boot/vmlinuz-dd"] = "\x7f" + "ELF simulated kernel\n",
            ["/boot/initrd-dd"] = "simulated initial RAM disk\n",
            ["/etc/xen/web1.cfg"] = ClientFile("web1"),
            ["/etc/xen/web2.cfg"] = ClientFile("web2"),
            ["/etc/xen/test1.cfg"] = ClientFile("test1"),
        },
    };

    private static FunctionDescription Port(string address, string chip, int irq) => Function(address, 0x060400, chip, Board) with
    {
        Revision = 0xf0,
        Irq = irq,
        ResetMethods = ["pm"],
        Driver = "pcieport",
    };

    private static FunctionDescription DualPort(string address, string name, string mac, int irq, ulong registers) =>
        Function(address, 0x020000, "8086:1572", "8086:0006", "00:01.0") with
        {
            Revision = 2,
            Irq = irq,
            Bars = [Pref64(0, registers, 0x800000), Pref64(3, registers + 0x2000000, 0x8000)],
            ResetMethods = ["flr"],
            Driver = "i40e",
            Children = [Parts.MessageInterrupts(irq == 16 ? 180 : 190, 9), Parts.NetworkInterface(name, mac)],
        };
}
