using XenDriverDomain.Access;
using XenDriverDomain.Checks;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Simulation.Tests.Machine;

/// <summary>The built-in hosts as the product sees them.</summary>
public sealed class InventoryTests
{
    [Fact]
    public async Task Of_the_default_host_dom0_needs_disk_network_screen_and_keyboard()
    {
        IReadOnlyList<PciDevice> devices = await ListAsync(DefaultHost.Create());

        Assert.Equal(
            [
                "0000:00:02.0 card0 fb0 (dom0's screen)",
                "0000:00:14.0 1-2 (Logitech USB Keyboard, dom0's only keyboard)",
                "0000:00:1f.6 eno1 (in xenbr0: 192.168.1.10/24, default route)",
                "0000:02:00.0 nvme0n1 (/ on LVM vg0-root, /boot, /boot/efi, swap on LVM vg0-swap)",
            ],
            devices.SelectMany(device => device.UsedBy.Where(use => use.IsVital).Select(use => $"{device.Address} {use}")));
    }

    [Fact]
    public async Task Everything_in_the_default_host_has_a_name_and_its_modules()
    {
        IReadOnlyList<PciDevice> devices = await ListAsync(DefaultHost.Create());

        Assert.All(devices, device =>
        {
            Assert.Contains(device.VendorName, char.IsUpper);
            Assert.NotEqual(device.DeviceId.ToString("x4"), device.DeviceName);
            Assert.Contains(device.ClassName, char.IsUpper);
        });
        Assert.All(
            devices.Where(device => device.Driver is not (null or "pcieport" or "skl_uncore")), device => Assert.NotEmpty(device.Modules));
        Assert.All(devices.Where(device => device.Driver is not null), device => Assert.Equal(PciDeviceState.Host, device.State));
    }

    [Fact]
    public async Task The_default_host_has_what_people_meet()
    {
        IReadOnlyList<PciDevice> devices = await ListAsync(DefaultHost.Create());
        PciDevice At(string address) => devices.Single(device => device.Address == PciAddress.Parse(address));

        Assert.Equal(PciAddress.Parse("01:00.1"), Assert.Single(At("01:00.0").Siblings));
        Assert.Equal(4, At("03:00.0").VirtualFunctions.Count);
        Assert.Equal(PciAddress.Parse("03:00.0"), At("04:11.4").PhysicalFunction);
        Assert.Equal(PciAddress.Parse("05:00.0"), PciTopology.ConventionalBridge(At("06:01.0"), devices));
        Assert.Equal([PciAddress.Parse("06:02.0")], PciTopology.Inseparable(At("06:01.0"), devices).Select(device => device.Address));
        Assert.Empty(At("08:00.0").ResetMethods);
        Assert.True(At("00:02.0").IsBootVga);
        Assert.True(devices.Count(device => device.ClassCode == 0x0c0330) == 2);
        Assert.All(devices.Where(device => !device.IsBridge), device => Assert.Empty(PciTopology.SharingPages(device, devices)));
    }

    [Fact]
    public async Task Of_the_lab_dom0_needs_what_it_needs_there()
    {
        IReadOnlyList<PciDevice> devices = await ListAsync(LabHost.Create());

        Assert.Equal(
            [
                "0000:00:02.0 eth0 (10.0.3.15/24, default route)",
                "0000:00:17.0 nvme0n1 (/srv/data)",
                "0000:00:1f.2 sda (/)",
            ],
            devices.SelectMany(device => device.UsedBy.Where(use => use.IsVital).Select(use => $"{device.Address} {use}")));
    }

    [Fact]
    public async Task An_interface_takes_its_addresses_and_routes_with_it()
    {
        using TestMachine host = new(LabHost.Create());

        Assert.Null(await host.StoreAsync("/sys/bus/pci/drivers/e1000e/unbind", "0000:00:02.0"));

        Assert.DoesNotContain("eth0", await host.ReadAsync("/proc/net/route"), StringComparison.Ordinal);
        Assert.DoesNotContain("eth0", (await host.RunAsync("ip", "-o", "addr", "show")).StandardOutput, StringComparison.Ordinal);
        Assert.Null(await host.StoreAsync("/sys/bus/pci/drivers/e1000e/bind", "0000:00:02.0"));
        Assert.Equal("down\n", await host.ReadAsync("/sys/class/net/eth0/operstate"));
    }

    [Fact]
    public async Task The_situation_of_the_host_is_that_of_root_in_dom0()
    {
        using TestMachine host = new(DefaultHost.Create());
        HostSituation situation = HostSituation.From(
            await host.Machine.Files.ReadManyAsync(new BulkQuery(HostSituation.Files, [], HostSituation.Names), default));

        Assert.Equal(new HostSituation { UserId = 0, IsControlDomain = true, HasPciback = true }, situation);
    }

    private static async Task<IReadOnlyList<PciDevice>> ListAsync(HostDescription description)
    {
        using TestMachine host = new(description);
        SimulatedXenStore store = new(host.Time, new NoFaults());
        await using Dom0 dom0 = new(
            "simulated",
            host.Machine.Files,
            host,
            store,
            async (one, token) => await XenStoreClient.ConnectAsync(one.XenStoreTransport, one.Time, null, token),
            host.Time);
        return await new PciInventory(dom0).ListAsync(default);
    }
}
