using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci.Uses;

namespace XenDriverDomain.Tests.Pci;

/// <summary>Which cards are behind what dom0 calls its interfaces and disks.</summary>
public sealed class KernelNamesTests
{
    [Theory]
    [InlineData("eth0", "01:00.0", "a network interface")]
    [InlineData("bond0", "01:00.0 01:00.1", "a bond with the ports eth0, eth1")]
    [InlineData("xenbr0", "01:00.0 01:00.1", "a bridge with the ports bond0, vif1.0")]
    [InlineData("eth2.10", "03:00.0", "an interface on top of eth2")]
    [InlineData("ETH3", "03:10.0", "a network interface")]
    public async Task An_interface_leads_to_the_cards_below_it(string name, string cards, string what)
    {
        PciLook look = await LookAsync(new PciWorld("server.txt"));

        KernelName found = NameListing.FindInterface(look.Names, name, "dom0");

        Assert.Equal((cards, what), (Shown(found), found.What));
        Assert.All(found.Functions, function => Assert.Contains(look.Devices, device => device.Address == function));
    }

    [Theory]
    [InlineData("sda", "00:1f.2")]
    [InlineData("/dev/sdb2", "00:1f.2")]
    [InlineData("md0", "00:1f.2")]
    [InlineData("nvme0n1p2", "02:00.0")]
    [InlineData("dm-0", "02:00.0")]
    [InlineData("vg0-root", "02:00.0")]
    [InlineData("/dev/mapper/vg0-swap", "02:00.0")]
    [InlineData("/dev/vg0/root", "02:00.0")]
    public async Task A_disk_leads_to_its_controller_through_what_is_stacked_on_it(string name, string cards)
    {
        PciLook look = await LookAsync(new PciWorld("server.txt"));

        Assert.Equal(cards, Shown(NameListing.FindDisk(look.Names, name, "dom0")));
    }

    [Theory]
    [InlineData("lo", "dom0's loopback interface")]
    [InlineData("vif1.0", "dom0's end of a guest's interface")]
    [InlineData("tap7", "a program's own (tun or tap), such as the emulated card of a guest")]
    [InlineData("xenbr9", "a bridge without ports")]
    [InlineData("dummy0", "a virtual interface")]
    [InlineData("usb9", "hardware that is on no PCI function")]
    public async Task An_interface_without_a_card_says_what_it_is(string name, string what)
    {
        PciWorld world = new("server.txt");
        foreach (string other in (string[])["tap7", "xenbr9", "dummy0"])
        {
            world.Files.Link($"/sys/class/net/{other}", $"../../devices/virtual/net/{other}");
            world.Files.MakeDirectory($"/sys/devices/virtual/net/{other}");
        }

        world.Files.Put("/sys/devices/virtual/net/tap7/tun_flags", "0x1002\n");
        world.Files.MakeDirectory("/sys/devices/virtual/net/xenbr9/bridge");
        world.Files.Link("/sys/class/net/usb9", "../../devices/platform/soc/net/usb9");
        PciLook look = await LookAsync(world);

        XenDriverDomainException e = Assert.Throws<XenDriverDomainException>(() => NameListing.FindInterface(look.Names, name, "dom0"));

        Assert.Equal((ErrorIds.InterfaceHasNoPciDevice, ErrorKind.NotFound), (e.ErrorId, e.Kind));
        Assert.Contains($"{name}: it is {what}.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_there_brings_the_nearest_of_those_that_cards_have()
    {
        PciLook look = await LookAsync(new PciWorld("server.txt"));

        XenDriverDomainException e = Assert.Throws<XenDriverDomainException>(() => NameListing.FindInterface(look.Names, "et2", "dom0"));
        XenDriverDomainException d = Assert.Throws<XenDriverDomainException>(() => NameListing.FindDisk(look.Names, "/dev/sdx", "dom0"));

        Assert.Equal((ErrorIds.InterfaceNotFound, "dom0 has no network interface 'et2'."), (e.ErrorId, e.Message));
        Assert.StartsWith("The interfaces of cards there, the nearest first: eth2, eth0, ", e.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("xenbr0", e.Remedy, StringComparison.Ordinal);
        Assert.Equal((ErrorIds.DiskNotFound, "dom0 has no disk '/dev/sdx'."), (d.ErrorId, d.Message));
        Assert.Contains("the nearest first: sda, sdb, sdc, nvme0n1 (", d.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_device_is_no_cards()
    {
        PciLook look = await LookAsync(new PciWorld("server.txt"));

        XenDriverDomainException e = Assert.Throws<XenDriverDomainException>(() => NameListing.FindDisk(look.Names, "loop0", "dom0"));

        Assert.Equal(ErrorIds.DiskHasNoPciDevice, e.ErrorId);
        Assert.Contains("a loop device", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_below_dev_are_followed_where_they_are_asked_for()
    {
        PciWorld world = new("server.txt");
        world.Files.Link("/dev/disk/by-id/ata-ACME_1-part1", "../../sda1");
        world.Files.Link("/dev/disk/by-id/dm-name-vg0-root", "../../dm-0");
        world.Files.Link("/dev/disk/by-label/two\\x20words", "../../sdb");
        world.Files.Link("/dev/first", "disk/by-id/ata-ACME_1-part1");

        PciLook look = await LookAsync(world, "/dev/disk/by-id/ata-ACME_1-part1", "/dev/disk/by-l*/two*", "/dev/first");

        Assert.Equal("00:1f.2", Shown(NameListing.FindDisk(look.Names, "/dev/disk/by-id/ata-ACME_1-part1", "dom0")));
        Assert.Equal("00:1f.2", Shown(NameListing.FindDisk(look.Names, "/dev/disk/by-label/two\\x20words", "dom0")));
        Assert.Equal("00:1f.2", Shown(NameListing.FindDisk(look.Names, "/dev/first", "dom0")));
        XenDriverDomainException e = Assert.Throws<XenDriverDomainException>(
            () => NameListing.FindDisk(look.Names, "/dev/disk/by-id/ata-ACME_2", "dom0"));
        Assert.Contains(
            "first: /dev/disk/by-id/ata-ACME_1-part1, /dev/disk/by-id/dm-name-vg0-root (", e.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(
            (await LookAsync(world)).Names.Disks, disk => disk.Names.Any(name => name.StartsWith("/dev/disk", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/dev/disk/by-id/a b")]
    [InlineData("/dev/../etc/x")]
    [InlineData("/dev/disk/by-label/$(reboot)")]
    [InlineData("/dev/")]
    [InlineData("/dev/*")]
    [InlineData("*")]
    public async Task What_cannot_be_read_in_bulk_is_asked_of_nobody(string disk)
    {
        PciLook look = await LookAsync(new PciWorld("server.txt"), disk);

        Assert.NotEmpty(look.Names.Disks);
    }

    // Linux before 3.13 has neither upper_* nor lower_*.
    [Fact]
    public async Task An_older_kernels_bridge_and_bond_lead_to_their_cards()
    {
        PciWorld world = new("server.txt");
        world.Files.Remove("/sys/class/net/eth0/upper_bond0").Remove("/sys/class/net/eth1/upper_bond0");
        world.Files.Remove("/sys/class/net/bond0/upper_xenbr0").Remove("/sys/class/net/vif1.0/upper_xenbr0");
        world.Files.Link("/sys/devices/virtual/net/bond0/slave_eth1", "../../../pci0000:00/0000:00:1c.0/0000:01:00.1/net/eth1");
        world.Files.Link("/sys/devices/virtual/net/xenbr0/brif/bond0", "../../bond0/brport");

        PciLook look = await LookAsync(world);

        Assert.Equal("01:00.1", Shown(NameListing.FindInterface(look.Names, "bond0", "dom0")));
        Assert.Equal("01:00.1", Shown(NameListing.FindInterface(look.Names, "xenbr0", "dom0")));
    }

    [Fact]
    public async Task Looking_by_name_takes_no_more_round_trips_than_listing()
    {
        PciWorld listed = new("server.txt"), named = new("server.txt"), alone = new("server.txt");
        await listed.ListAsync();
        await LookAsync(named, "/dev/disk/by-id/x");
        await alone.Inventory.ListNamesAsync([], default);

        Assert.Equal(listed.Files.Calls.Order(), named.Files.Calls.Order());
        Assert.Equal(listed.Commands.Requests.Count, named.Commands.Requests.Count);
        Assert.Single(alone.Files.Calls);
        Assert.Empty(alone.Commands.Requests);
    }

    [Fact]
    public async Task Names_alone_are_the_same_names()
    {
        PciWorld world = new("server.txt");
        KernelNames alone = await world.Inventory.ListNamesAsync([], default);
        PciLook look = await LookAsync(world);

        Assert.Equal(Lines(look.Names.Interfaces), Lines(alone.Interfaces));
        Assert.Equal(Lines(look.Names.Disks), Lines(alone.Disks));
    }

    private static Task<PciLook> LookAsync(PciWorld world, params string[] disks) => world.Inventory.LookAsync(disks, default);

    private static string Shown(KernelName name) => string.Join(' ', name.Functions.Select(function => function.ToString()[5..]));

    private static IEnumerable<string> Lines(IEnumerable<KernelName> names) =>
        names.Select(one => $"{string.Join(' ', one.Names)}: {one.What} {Shown(one)}");
}
