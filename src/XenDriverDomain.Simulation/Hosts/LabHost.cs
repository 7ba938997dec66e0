using XenDriverDomain.Pci;
using static XenDriverDomain.Simulation.Hosts.BuiltIn;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>
/// The host of the project's own lab (tests/lab/README.md): an emulated q35 machine with Debian's dom0, as recorded there.
/// </summary>
public static class LabHost
{
    private const string XenCommands =
        "console=com1 com1=115200,8n1 dom0_mem=1300M,max:1300M dom0_max_vcpus=1 bootscrub=0 watchdog=0 sched=credit "
            + "spec-ctrl=no loglvl=all guest_loglvl=all iommu=verbose";
    private const string Release = "6.1.0-56-amd64";
    private const string RootPort = "1b36:000c";
    private const string E1000E = "8086:10d3";
    private const string E1000 = "8086:100e";
    private const string Rtl8139 = "10ec:8139";
    private const string Qemu = "1af4:1100";

    /// <summary>The description.</summary>
    public static HostDescription Create() => new()
    {
        Name = "lab",
        HostName = "dom0",
        KernelRelease = Release,
        IsDebian = true,
        KernelVersion = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-09-10)",
        KernelCommandLine = "console=hvc0 loglevel=5 rodata=off lab.xenstored=",
        XenCommandLine = XenCommands,
        CpuCount = 2,
        TotalMemoryMB = 3071,
        Dom0MemoryMB = 1300,
        Dom0CpuCount = 1,
        Functions =
        [
            Function("00:00.0", 0x060000, "8086:29c0", Qemu) with { IsPciExpress = false },
            Card("00:02.0", "eth0", "00:02", 22, 0xfe640000, 0xfe660000, 0xe180, 0xfe760000) with
            {
                Children = [Parts.MessageInterrupts(36, 5), Parts.NetworkInterface("eth0", "52:54:00:00:02:00", isUp: true)],
            },
            Card("00:10.0", "eth1", "00:10", 20, 0xfe680000, 0xfe6a0000, 0xe1a0, 0xfe764000),
            OldCard("00:11.0", "eth5", "00:11", 21, 0xfe6c0000, 0xe100),
            Realtek("00:12.0", "eth7", "00:12", 22, 0xe000, 0xfe778000),
            Port("00:13.0", 23, 0xfe779000),
            Function("00:14.0", 0x0c0330, "1b36:000d", Qemu) with
            {
                Revision = 1,
                Irq = 20,
                Bars = [Mem64(0, 0xfe768000, 0x4000)],
                Driver = "xhci_hcd",
                Children =
                [
                    Parts.MessageInterrupts(41, 2),
                    .. Parts.UsbBus(1, Release),
                    .. Parts.UsbKeyboard(1, 1, "0003:0627:0001.0001", 3, "QEMU USB Keyboard", "QEMU"),
                    .. Parts.UsbBus(2, Release),
                    .. Parts.UsbStick(2, 2, 6, "sdb", "8:16", 131072),
                ],
            },
            Card("00:15.0", "eth2", "00:15", 21, 0xfe6e0000, 0xfe700000, 0xe1c0, 0xfe76c000),
            Card("00:15.1", "eth3", "00:16", 21, 0xfe720000, 0xfe740000, 0xe1e0, 0xfe770000),
            Port("00:16.0", 22, 0xfe77a000),
            Function("00:17.0", 0x010802, "1b36:0010", Qemu) with
            {
                Revision = 2,
                Irq = 23,
                Bars = [Mem64(0, 0xfe774000, 0x4000)],
                ResetMethods = ["flr"],
                Driver = "nvme",
                Children = [Parts.MessageInterrupts(43, 2), .. Parts.Disk("nvme/nvme0/nvme0n1", "259:0", 131072)],
            },
            Function("00:1f.0", 0x060100, "8086:2918", Qemu) with { Revision = 2, IsPciExpress = false },
            Function("00:1f.2", 0x010601, "8086:2922", Qemu) with
            {
                Revision = 2,
                Irq = 35,
                IsPciExpress = false,
                Bars = [Io(4, 0xe200, 0x20), Mem(5, 0xfe77b000, 0x1000)],
                Driver = "ahci",
                Children = [Parts.MessageInterrupts(35), .. Parts.Disk("ata1/host0/target0:0:0/0:0:0:0/block/sda", "8:0", 2867200)],
            },
            Function("00:1f.3", 0x0c0500, "8086:2930", Qemu) with
            {
                Revision = 2,
                Irq = 10,
                IsPciExpress = false,
                Bars = [Io(4, 0x700, 0x40)],
            },
            Card("01:00.0", "eth4", "00:13", 23, 0xfe400000, 0xfe420000, 0xd000, 0xfe440000) with
            {
                Parent = PciAddress.Parse("00:13.0"),
                ResetMethods = ["pm", "bus"],
            },
            Function("02:00.0", 0x060400, "1b36:000e", "0000:0000", "00:16.0") with
            {
                Irq = 22,
                Bars = [Mem64(0, 0xfe200000, 0x100)],
                ResetMethods = ["pm", "bus"],
            },
            OldCard("03:01.0", "eth6", "00:17", 23, 0xfe000000, 0xc100) with
            {
                Parent = PciAddress.Parse("02:00.0"),
                ResetMethods = ["bus"],
            },
            Realtek("03:02.0", "eth8", "00:18", 20, 0xc000, 0xfe020000) with { Parent = PciAddress.Parse("02:00.0") },
        ],
        Drivers =
        [
            new("pcieport", null, true, Chip(0x1b36, 0x000c)),
            new("ahci", "ahci", true, OfClass(0x010601)),
            new("e1000e", "e1000e", true, Chip(0x8086, 0x10d3)),
            new("e1000", "e1000", true, Chip(0x8086, 0x100e)),
            new("8139cp", "8139cp", true, Chip(0x10ec, 0x8139)),
            new("nvme", "nvme", true, OfClass(0x010802)),
            new("xhci_hcd", "xhci-pci", true, OfClass(0x0c0330)),
            new("8139too", "8139too", false, Chip(0x10ec, 0x8139)),
            new("lpc_ich", "lpc_ich", false, Chip(0x8086, 0x2918)),
            new("i801_smbus", "i2c-i801", false, Chip(0x8086, 0x2930)),
            .. Stubs,
        ],
        OtherModules = Modules,
        OtherDevices =
        [
            Parts.Loopback(),
            new("platform/i8042/serio0/input/input0")
            {
                Classes = ["/sys/class/input"],
                Attributes = new Dictionary<string, string>
                {
                    ["name"] = "AT Translated Set 2 keyboard",
                    ["capabilities/ev"] = "120013",
                },
            },
            new("pnp0/00:02/tty/ttyS0") { Classes = ["/sys/class/tty"] },
            .. Enumerable.Range(1, 3).Select(i => new ChildDevice($"platform/serial8250/tty/ttyS{i}") { Classes = ["/sys/class/tty"] }),
            new("virtual/graphics/fbcon") { Classes = ["/sys/class/graphics"] },
        ],
        Addresses =
        [
            new("lo", "127.0.0.1/8", "host"),
            new("lo", "::1/128", "host"),
            new("eth0", "10.0.3.15/24"),
            new("eth0", "fe80::5054:ff:fe00:200/64", "link"),
        ],
        Routes =
        [
            new("eth0", "0.0.0.0/0", "10.0.3.2"),
            new("eth0", "10.0.3.0/24"),
        ],
        Ipv6Routes =
        [
            "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 "
                + "00000000 00000001     eth0",
            "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 "
                + "00000000 00200200       lo",
            "00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000003 "
                + "00000000 80200001       lo",
            "fe80000000000000505400fffe000200 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 "
                + "00000000 80200001     eth0",
            "ff000000000000000000000000000000 08 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000002 "
                + "00000000 00000001     eth0",
            "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 "
                + "00000000 00200200       lo",
        ],
        Mounts =
        [
            "20 23 0:18 / /proc rw,relatime - proc proc rw",
            "21 23 0:19 / /sys rw,relatime - sysfs sys rw",
            "22 23 0:5 / /dev rw,relatime - devtmpfs dev rw,size=588936k,nr_inodes=147234,mode=755,inode64",
            "23 1 8:0 / / rw,noatime - ext4 /dev/sda rw",
            "24 22 0:20 / /dev/pts rw,relatime - devpts devpts rw,gid=5,mode=620,ptmxmode=000",
            "25 22 0:21 / /dev/shm rw,relatime - tmpfs tmpfs rw,inode64",
            "26 23 0:22 / /run rw,relatime - tmpfs tmpfs rw,mode=755,inode64",
            "27 23 0:23 / /tmp rw,relatime - tmpfs tmpfs rw,inode64",
            "28 20 0:24 / /proc/xen rw,relatime - xenfs xenfs rw",
            "29 23 259:0 / /srv/data rw,relatime - ext4 /dev/nvme0n1 rw",
        ],
        Files = new Dictionary<string, string>(UsualFiles(XenCommands, hasInitramfsTools: false))
        {
            [$"/boot/config-{Release}"] = KernelConfigurations.Debian("6.1.192"),
            ["/root/bzImage"] = "simulated compressed kernel\n",
            ["/root/netdd.cfg"] = """
                # A network driver domain with the card 00:10.0, for work by hand.
                name = "netdd"
                type = "pv"
                kernel = "/root/vmlinuz"
                ramdisk = "/root/guest.gz"
                extra = "console=hvc0 quiet rodata=off role=dd"
                memory = 384
                vcpus = 1
                driver_domain = 1
                pci = [ "0000:00:10.0" ]

                """,
        },
    };

    private static FunctionDescription Card(
        string address, string name, string mac, int irq, ulong registers, ulong flash, ulong ports, ulong vectors) =>
        Function(address, 0x020000, E1000E, "8086:0000") with
        {
            Irq = irq,
            Bars = [Mem(0, registers, 0x20000), Mem(1, flash, 0x20000), Io(2, ports, 0x20), Mem(3, vectors, 0x4000)],
            ResetMethods = ["pm"],
            Driver = "e1000e",
            Children = [Parts.MessageInterrupts(45, 5), Parts.NetworkInterface(name, $"52:54:00:{mac}:00")],
        };

    private static FunctionDescription OldCard(string address, string name, string mac, int irq, ulong registers, ulong ports) =>
        Function(address, 0x020000, E1000, Qemu) with
        {
            Revision = 3,
            Irq = irq,
            IsPciExpress = false,
            Bars = [Mem(0, registers, 0x20000), Io(1, ports, 0x40)],
            Driver = "e1000",
            Children = [Parts.NetworkInterface(name, $"52:54:00:{mac}:00")],
        };

    private static FunctionDescription Realtek(string address, string name, string mac, int irq, ulong ports, ulong registers) =>
        Function(address, 0x020000, Rtl8139, Qemu) with
        {
            Revision = 0x20,
            Irq = irq,
            IsPciExpress = false,
            Bars = [Io(0, ports, 0x100), Mem(1, registers, 0x100)],
            Driver = "8139cp",
            Children = [Parts.NetworkInterface(name, $"52:54:00:{mac}:00")],
        };

    private static FunctionDescription Port(string address, int irq, ulong registers) =>
        Function(address, 0x060400, RootPort, "1b36:0000") with
        {
            Irq = irq,
            Bars = [Mem(0, registers, 0x1000)],
            Driver = "pcieport",
        };
}
