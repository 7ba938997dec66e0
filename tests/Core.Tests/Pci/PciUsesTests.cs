using XenDriverDomain.Access;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Pci;

/// <summary>What dom0 uses the devices of a larger machine for (Recordings/server.txt, written by hand).</summary>
public sealed class PciUsesTests
{
    [Theory]
    [InlineData("02:00.0", "nvme0n1 (/ on LVM vg0-root, /boot/efi, swap on LVM vg0-swap, LVM vg0-guest1)!")]
    [InlineData(
        "00:1f.2",
        "sda (/srv on RAID md0, /var/www data on RAID md0)! | sdb (/srv on RAID md0, /data, /var/www data on RAID md0)! | sdc (/data)!")]
    [InlineData("01:00.0", "eth0 (in bond0; in xenbr0: 192.168.1.5/24, default route)")]
    [InlineData("03:00.0", "eth2 (in eth2.10: 10.1.0.5/24)")]
    [InlineData("03:10.0", "eth3 (down)")]
    [InlineData("00:02.0", "card0 fb0 (dom0's screen)!")]
    [InlineData("04:00.0", "ttyS4 (dom0's serial console)!")]
    [InlineData(
        "00:14.0",
        "1-4.1 (ACME Keyboard, dom0's only keyboard)! | 1-4.2 (ACME Mouse\\e[31m) | 1-5 (ACME Webcam) | 1-6 (ACME Card Reader)")]
    [InlineData("05:00.0", "")]
    public async Task Uses_are_found_through_all_that_is_stacked_above(string address, string expected)
    {
        IReadOnlyList<string> uses = await new PciWorld("server.txt").UsesAsync(address);

        Assert.Equal(expected, string.Join(" | ", uses));
    }

    [Fact]
    public async Task A_port_of_a_bond_is_vital_when_the_other_port_is_down()
    {
        PciWorld world = new("server.txt");
        world.Files.Put("/sys/class/net/eth1/operstate", "down\n");

        Assert.EndsWith("!", Assert.Single(await world.UsesAsync("01:00.0")), StringComparison.Ordinal);
        Assert.EndsWith("default route)", Assert.Single(await world.UsesAsync("01:00.1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_a_bridge_with_the_default_route_is_vital()
    {
        PciWorld world = new("server.txt");
        world.Files.Remove("/sys/class/net/eth0/upper_bond0").Remove("/sys/class/net/eth1/upper_bond0").Remove("/sys/class/net/bond0");
        world.Files.Link("/sys/class/net/eth0/upper_xenbr0", "../xenbr0");

        Assert.Equal(["eth0 (in xenbr0: 192.168.1.5/24, default route)!"], await world.UsesAsync("01:00.0"));
        Assert.Equal(["eth1 (no address)"], await world.UsesAsync("01:00.1"));
    }

    [Fact]
    public async Task A_port_of_open_vswitch_leads_to_the_addresses_on_its_internal_ports()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Link("/sys/class/net/eth0/upper_ovs-system", "../ovs-system");
        world.Files.Link("/sys/class/net/ovs-system", "../../devices/virtual/net/ovs-system");
        world.Files.Link("/sys/class/net/xapi0", "../../devices/virtual/net/xapi0");
        world.Commands.On("ip", "7: xapi0    inet 10.0.2.15/24 brd 10.0.2.255 scope global xapi0\\ valid_lft forever");
        world.Files.Put("/proc/net/route", "Iface\n");

        Assert.Equal(["eth0 (in xapi0: 10.0.2.15/24)!"], await world.UsesAsync("00:02.0"));
    }

    [Fact]
    public async Task Of_two_default_routes_the_one_with_the_lower_metric_counts()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Put("/proc/net/ipv6_route", string.Empty);
        world.Files.Put(
            "/proc/net/route",
            "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
            + "eth0\t00000000\t0202000A\t0003\t0\t0\t200\t00000000\t0\t0\t0\n"
            + "eth5\t00000000\t0202000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n");
        world.Commands.On(
            "ip",
            "2: eth0    inet 10.0.2.15/24 scope global eth0\\ x\n3: eth5    inet 10.0.3.15/24 scope global eth5\\ x\n");

        Assert.Equal(["eth0 (10.0.2.15/24, default route)"], await world.UsesAsync("00:02.0"));
        Assert.Equal(["eth5 (10.0.3.15/24, default route)!"], await world.UsesAsync("00:11.0"));
    }

    [Fact]
    public async Task An_nvme_disk_with_multipath_is_found_below_its_controller()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Remove("/sys/class/block/nvme0n1");
        world.Files.Link("/sys/class/block/nvme0c0n1", "../../devices/pci0000:00/0000:00:17.0/nvme/nvme0/nvme0c0n1");
        world.Files.Link("/sys/class/block/nvme0n1", "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
        world.Files.Put("/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/dev", "259:0\n");

        Assert.Equal(["nvme0c0n1 (/srv/data)!"], await world.UsesAsync("00:17.0"));
    }

    [Fact]
    public async Task The_boot_screen_is_vital_while_the_console_is_on_it_even_without_a_driver()
    {
        PciWorld world = new("server.txt");
        world.Files.Remove("/sys/class/drm").Remove("/sys/class/graphics");
        world.Files.Remove("/sys/devices/pci0000:00/0000:00:02.0/driver");

        Assert.Equal(["vga (dom0's screen)!"], await world.UsesAsync("00:02.0"));

        world.Files.Put("/sys/class/tty/console/active", "hvc0\n");

        Assert.Empty(await world.UsesAsync("00:02.0"));
    }

    [Fact]
    public async Task A_usb_stick_that_is_mounted_makes_its_controller_vital()
    {
        PciWorld world = new("lab-dom0.txt");
        string mounts = world.Files.Text("/proc/1/mountinfo")!;
        world.Files.Put("/proc/1/mountinfo", mounts + "90 23 8:16 / /media/key\\040one rw - vfat /dev/sdb rw\n");

        Assert.Contains("sdb (/media/key one)!", await world.UsesAsync("00:14.0"));
    }

    [Fact]
    public async Task Where_the_first_process_may_not_be_looked_at_the_own_mounts_serve()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Put("/proc/self/mountinfo", world.Files.Text("/proc/1/mountinfo")!);
        world.Files.FailRead("/proc/1/mountinfo", Errno.EACCES);

        Assert.Equal(["sda (/)!"], await world.UsesAsync("00:1f.2"));
    }

    [Fact]
    public async Task Mounts_beyond_what_a_bulk_read_brings_are_seen()
    {
        PciWorld world = new("lab-dom0.txt");
        string many = string.Concat(Enumerable.Range(100, 200).Select(n => $"{n} 23 0:{n} / /run/{n} rw - tmpfs tmpfs rw\n"));
        world.Files.Put("/proc/1/mountinfo", many + world.Files.Text("/proc/1/mountinfo"));

        Assert.Equal(["sda (/)!"], await world.UsesAsync("00:1f.2"));
    }

    [Fact]
    public async Task Virtual_functions_and_their_physical_one_know_each_other()
    {
        PciWorld world = new("server.txt");

        PciDevice physical = await world.GetAsync("03:00.0");
        PciDevice given = await world.GetAsync("03:10.2");

        Assert.Equal([PciAddress.Parse("03:10.0"), PciAddress.Parse("03:10.2")], physical.VirtualFunctions);
        Assert.Equal(["flr", "bus"], physical.ResetMethods);
        Assert.Equal(physical.Address, given.PhysicalFunction);
        Assert.Equal((PciDeviceState.Assignable, true), (given.State, given.IsPermissive));
        Assert.Equal([PciDevice.UnnamedReset], given.ResetMethods);
    }
}
