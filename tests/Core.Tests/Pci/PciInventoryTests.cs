using System.IO.Compression;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Tests.Support;

namespace XenDriverDomain.Tests.Pci;

/// <summary>What is read of a real dom0: the lab's, as record.sh recorded it.</summary>
public sealed class PciInventoryTests
{
    [Fact]
    public async Task A_card_is_shown_with_its_names_driver_and_registers()
    {
        PciWorld world = new("lab-dom0.txt");

        PciDevice card = await world.GetAsync("0000:03:01.0");

        Assert.Equal("dom0.example", card.Dom0);
        Assert.Equal(("Ethernet controller", 0x020000), (card.ClassName, card.ClassCode));
        Assert.Equal(("Intel Corporation", (ushort)0x8086), (card.VendorName, card.VendorId));
        Assert.Equal(("82540EM Gigabit Ethernet Controller", (ushort)0x100e), (card.DeviceName, card.DeviceId));
        Assert.Equal("QEMU Virtual Machine", card.SubsystemName);
        Assert.Equal((3, "e1000", PciDeviceState.Host), (card.Revision, card.Driver, card.State));
        Assert.Equal((23, (int?)null), (card.Irq!.Value, card.NumaNode));
        Assert.Equal(["bus"], card.ResetMethods);
        Assert.Equal([PciAddress.Parse("00:16.0"), PciAddress.Parse("02:00.0")], card.BridgePath);
        Assert.Contains(card.Bars, bar => bar is { Index: 0, Start: 0xfe000000, Length: 0x20000, IsIo: false });
        Assert.Contains(card.Bars, bar => bar is { Index: 1, Length: 64, IsIo: true });
    }

    [Fact]
    public async Task Names_that_no_file_has_are_numbers()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Remove("/usr/share/misc/pci.ids");

        PciDevice card = await world.GetAsync("00:10.0");

        Assert.Equal(("0200", "8086", "10d3", null), (card.ClassName, card.VendorName, card.DeviceName, card.SubsystemName));
    }

    [Fact]
    public async Task Names_are_read_from_a_compressed_file_too()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Remove("/usr/share/misc/pci.ids");
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionMode.Compress))
        {
            stream.Write(Encoding.UTF8.GetBytes(Recording.Text("pci.ids")));
        }

        world.Files.Put("/usr/share/hwdata/pci.ids.gz", packed.ToArray());

        Assert.Equal("Intel Corporation", (await world.GetAsync("00:10.0")).VendorName);
    }

    [Fact]
    public async Task Names_come_from_the_machine_at_hand_where_it_has_them()
    {
        PciWorld world = new("lab-dom0.txt");
        MemoryFiles here = new MemoryFiles().Put("/usr/share/hwdata/pci.ids", "8086  Intel from here\n");
        PciInventory inventory = new(world.Dom0, here: here);

        PciDevice card = await inventory.GetAsync(PciAddress.Parse("00:10.0"), CancellationToken.None);

        Assert.Equal("Intel from here", card.VendorName);
        Assert.DoesNotContain(world.Files.Calls, call => call.Contains("pci.ids", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_attributes_of_all_functions_are_one_round_trip()
    {
        PciWorld world = new("lab-dom0.txt");
        PciInventory inventory = new(world.Dom0, here: new MemoryFiles().Put("/usr/share/misc/pci.ids", string.Empty));

        IReadOnlyList<PciDevice> devices = await inventory.ListAsync(CancellationToken.None);

        Assert.Equal(18, devices.Count);
        Assert.Single(world.Files.Calls, call => call == "readmany");
        Assert.DoesNotContain(world.Files.Calls, call => call.Contains("/sys/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Functions_come_in_order_of_address()
    {
        IReadOnlyList<PciDevice> devices = await new PciWorld("lab-dom0.txt").ListAsync();

        Assert.Equal(devices.Select(device => device.Address).Order(), devices.Select(device => device.Address));
    }

    [Theory]
    [InlineData("00:00.0", true, true)]
    [InlineData("00:13.0", true, false)]
    [InlineData("02:00.0", true, false)]
    [InlineData("00:1f.0", true, false)]
    [InlineData("00:10.0", false, false)]
    [InlineData("00:14.0", false, false)]
    public async Task Bridges_are_told_from_devices(string address, bool isBridge, bool isHostBridge)
    {
        PciDevice device = await new PciWorld("lab-dom0.txt").GetAsync(address);

        Assert.Equal((isBridge, isHostBridge), (device.IsBridge, device.IsHostBridge));
    }

    [Fact]
    public async Task Functions_of_one_slot_know_each_other()
    {
        PciWorld world = new("lab-dom0.txt");

        Assert.Equal([PciAddress.Parse("00:15.1")], (await world.GetAsync("00:15.0")).Siblings);
        Assert.Empty((await world.GetAsync("00:10.0")).Siblings);
    }

    [Theory]
    [InlineData("00:02.0", "eth0 (10.0.3.15/24, default route)!")]
    [InlineData("00:10.0", "eth1 (down)")]
    [InlineData("00:1f.2", "sda (/)!")]
    [InlineData("00:17.0", "nvme0n1 (/srv/data)!")]
    [InlineData("00:1f.3", "")]
    public async Task What_dom0_uses_a_device_for_is_shown(string address, string expected)
    {
        IReadOnlyList<string> uses = await new PciWorld("lab-dom0.txt").UsesAsync(address);

        Assert.Equal(expected, string.Join(" | ", uses));
    }

    [Fact]
    public async Task Usb_devices_behind_a_controller_are_shown()
    {
        // The machine has a second keyboard, so this one is not vital.
        PciDevice controller = await new PciWorld("lab-dom0.txt").GetAsync("00:14.0");

        Assert.Equal(
            [
                new PciUse(PciUseKind.UsbStorage, "sdb", "not mounted", false),
                new PciUse(PciUseKind.UsbInput, "1-1", "QEMU USB Keyboard, keyboard", false),
            ],
            controller.UsedBy);
    }

    [Fact]
    public async Task Modules_that_know_a_device_are_asked_for_once()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Commands.On("grep", """
            alias pci:v000010ECd00008139sv*sd*bc*sc*i* 8139cp
            alias pci:v*d00008139sv000010ECsd00008139bc*sc*i* other
            alias pci:v000010ECd00008139sv*sd*bc*sc*i* 8139too
            alias pci:v00008086d000010D3sv*sd*bc*sc*i* e1000e
            alias pci:v*d*sv*sd*bc01sc06i01* ahci
            """);

        await world.ListAsync();

        Assert.Equal(["8139cp", "8139too"], (await world.GetAsync("00:12.0")).Modules);
        Assert.Equal(["ahci"], (await world.GetAsync("00:1f.2")).Modules);
        Assert.Empty((await world.GetAsync("00:1f.3")).Modules);
        Assert.Single(world.Commands.Requests, request => request.Program == "grep");
    }

    [Fact]
    public async Task An_unknown_address_is_an_error_that_names_similar_ones()
    {
        PciWorld world = new("lab-dom0.txt");

        XenDriverDomainException e = await Assert.ThrowsAsync<XenDriverDomainException>(() => world.GetAsync("00:15.3"));

        Assert.Equal((ErrorIds.PciDeviceNotFound, ErrorKind.NotFound), (e.ErrorId, e.Kind));
        Assert.Equal(PciAddress.Parse("00:15.3"), e.Target);
        Assert.StartsWith("Similar addresses that exist: 0000:00:15.0, 0000:00:15.1", e.Remedy, StringComparison.Ordinal);
        Assert.Null(await world.Inventory.TryGetAsync(PciAddress.Parse("00:15.3"), CancellationToken.None));
    }

    [Fact]
    public async Task A_device_that_vanishes_and_nonsense_cost_no_other_device()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Remove("/sys/devices/pci0000:00/0000:00:11.0");
        world.Files.Put("/sys/devices/pci0000:00/0000:00:10.0/vendor", "Intel?\u001b[31m");
        world.Files.Put("/sys/devices/pci0000:00/0000:00:10.0/resource", "0x1 0x0 zzz\n\n0x0");
        world.Files.Put("/sys/devices/pci0000:00/0000:00:10.0/irq", "-7");
        world.Files.FailRead("/sys/devices/pci0000:00/0000:00:12.0/class", Errno.EIO);
        world.Files.Link("/sys/bus/pci/devices/10000:e1:00.0", "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e1:00.0");
        world.Files.Put("/proc/net/route", "nonsense\neth0\tx\n\t\t\t");
        world.Files.Put("/proc/1/mountinfo", "1 2 3\n- - -\n");

        IReadOnlyList<PciDevice> devices = await world.ListAsync();

        Assert.Equal(17, devices.Count);
        PciDevice odd = devices.Single(device => device.Address == PciAddress.Parse("00:10.0"));
        Assert.Equal((0, 0x10d3, null), (odd.VendorId, odd.DeviceId, odd.Irq));
        Assert.Empty(odd.Bars);
        Assert.Equal((0, "8139cp"), devices.Where(device => device.Address == PciAddress.Parse("00:12.0"))
            .Select(device => (device.ClassCode, device.Driver)).Single());
    }

    [Fact]
    public async Task Without_the_program_ip_the_way_dom0_is_reached_by_is_still_vital()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Commands.On("ip", _ => new CommandResult(127, string.Empty, "ip: not found"));

        Assert.Equal(["eth0 (in 10.0.3.0/24, default route)!"], await world.UsesAsync("00:02.0"));
    }

    [Fact]
    public async Task A_card_with_dom0s_last_address_is_vital_without_a_default_route()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Put("/proc/net/route", "Iface\n").Put("/proc/net/ipv6_route", string.Empty);

        Assert.Equal(["eth0 (10.0.3.15/24)!"], await world.UsesAsync("00:02.0"));

        world.Commands.On(
            "ip", world.Files.Text("/recorded/ip-o-addr") + "9: eth5    inet6 fd00::5/64 scope global \\ valid_lft forever\n");

        Assert.Equal(["eth0 (10.0.3.15/24)"], await world.UsesAsync("00:02.0"));
        Assert.Equal(["eth5 (fd00::5/64)"], await world.UsesAsync("00:11.0"));
    }

    [Fact]
    public async Task A_cancelled_look_ends()
    {
        PciWorld world = new("lab-dom0.txt");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => world.Inventory.ListAsync(new CancellationToken(canceled: true)));
    }
}
