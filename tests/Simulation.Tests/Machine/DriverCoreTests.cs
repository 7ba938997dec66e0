using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Machine;

namespace XenDriverDomain.Simulation.Tests.Machine;

/// <summary>The driver core and the attributes of functions (drivers/base/bus.c, drivers/pci/pci-sysfs.c, iov.c).</summary>
public sealed class DriverCoreTests : IDisposable
{
    private const string Card = "0000:00:11.0";
    private const string Drivers = "/sys/bus/pci/drivers";
    private readonly TestMachine _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_function_moves_from_driver_to_driver_and_its_interface_with_it()
    {
        Assert.True(_host.Machine.Files.Exists("/sys/class/net/eth5"));

        Assert.Null(await _host.StoreAsync($"{Drivers}/e1000/unbind", Card + "\n"));
        Assert.Null(_host.DriverOf(Card));
        Assert.False(_host.Machine.Files.Exists($"{Drivers}/e1000/{Card}"));
        Assert.False(_host.Machine.Files.Exists("/sys/class/net/eth5"));

        Assert.Null(await _host.StoreAsync($"{Drivers}/e1000/bind", Card + "\n"));
        Assert.Equal("e1000", _host.DriverOf(Card));
        Assert.Equal($"../../../../devices/pci0000:00/{Card}", _host.Machine.Files.TargetOf($"{Drivers}/e1000/{Card}"));
        Assert.True(_host.Machine.Files.Exists("/sys/class/net/eth5"));
    }

    [Theory]
    [InlineData("0000:0a:00.0")]
    [InlineData("00:11.0")]
    [InlineData("0000:00:11.0\n\n")]
    [InlineData("0000:00:11.0 ")]
    public async Task A_name_that_no_function_has_exactly_is_ENODEV(string text)
    {
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync($"{Drivers}/e1000/unbind", text));
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync($"{Drivers}/e1000/bind", text));
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync("/sys/bus/pci/drivers_probe", text));
    }

    [Fact]
    public async Task Binding_what_is_bound_is_EBUSY_and_unbinding_from_another_driver_ENODEV()
    {
        Assert.Equal(Errno.EBUSY, await _host.StoreAsync($"{Drivers}/e1000/bind", Card));
        Assert.Equal(Errno.EBUSY, await _host.StoreAsync($"{Drivers}/pciback/bind", Card));
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync($"{Drivers}/e1000e/unbind", Card));
    }

    [Fact]
    public async Task A_driver_takes_only_what_it_knows_or_was_told_of()
    {
        await _host.StoreAsync($"{Drivers}/e1000/unbind", Card);
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync($"{Drivers}/e1000e/bind", Card));
        Assert.Equal(0, (await _host.RunAsync("modprobe", "vfio-pci")).ExitCode);
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync($"{Drivers}/vfio-pci/bind", Card));

        Assert.Equal(Errno.EINVAL, await _host.StoreAsync($"{Drivers}/vfio-pci/new_id", "8086"));
        Assert.Null(await _host.StoreAsync($"{Drivers}/vfio-pci/new_id", "8086 100e"));
        Assert.Equal(Errno.EEXIST, await _host.StoreAsync($"{Drivers}/vfio-pci/new_id", "8086 100e"));

        Assert.Equal("vfio-pci", _host.DriverOf(Card));
        Assert.Null(await _host.StoreAsync($"{Drivers}/vfio-pci/remove_id", "8086 100e"));
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync($"{Drivers}/vfio-pci/remove_id", "8086 100e"));
    }

    [Fact]
    public async Task An_override_decides_alone_until_an_empty_line_clears_it()
    {
        string attribute = $"/sys/bus/pci/devices/{Card}/driver_override";
        Assert.Equal("(null)\n", await _host.ReadAsync(attribute));
        await _host.StoreAsync($"{Drivers}/e1000/unbind", Card);
        await _host.StoreAsync($"{Drivers}/pciback/new_slot", Card);

        Assert.Null(await _host.StoreAsync(attribute, "vfio-pci"));
        Assert.Equal("vfio-pci\n", await _host.ReadAsync(attribute));
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync($"{Drivers}/pciback/bind", Card));
        Assert.Equal(Errno.ENODEV, await _host.StoreAsync($"{Drivers}/e1000/bind", Card));

        Assert.Null(await _host.StoreAsync(attribute, "\n"));
        Assert.Equal("(null)\n", await _host.ReadAsync(attribute));
        Assert.Null(await _host.StoreAsync($"{Drivers}/pciback/bind", Card));
        Assert.Equal(Errno.EINVAL, await _host.StoreAsync(attribute, new string('x', 4095)));
    }

    [Fact]
    public async Task Probing_finds_the_driver_that_knows_the_function()
    {
        await _host.StoreAsync($"{Drivers}/e1000/unbind", Card);

        Assert.Null(await _host.StoreAsync("/sys/bus/pci/drivers_probe", Card));
        Assert.Equal("e1000", _host.DriverOf(Card));
        Assert.Null(await _host.StoreAsync("/sys/bus/pci/drivers_probe", "0000:00:1f.0"));
        Assert.Null(_host.DriverOf("0000:00:1f.0"));
    }

    [Theory]
    [InlineData("0000:00:10.0", "1", null)]
    [InlineData("0000:00:10.0", "0", nameof(Errno.EINVAL))]
    [InlineData("0000:00:10.0", "x", nameof(Errno.EINVAL))]
    [InlineData("0000:00:11.0", "1", nameof(Errno.ENOENT))]
    public async Task Only_what_can_be_reset_has_a_reset(string address, string text, string? errno) =>
        Assert.Equal(errno, (await _host.StoreAsync($"/sys/bus/pci/devices/{address}/reset", text))?.ToString());

    [Fact]
    public async Task The_ways_to_reset_can_be_chosen_and_switched_off()
    {
        string device = "/sys/bus/pci/devices/0000:01:00.0";
        Assert.Equal("pm bus\n", await _host.ReadAsync(device + "/reset_method"));

        Assert.Equal(Errno.EINVAL, await _host.StoreAsync(device + "/reset_method", "flr"));
        Assert.Null(await _host.StoreAsync(device + "/reset_method", "bus\n"));
        Assert.Equal("bus\n", await _host.ReadAsync(device + "/reset_method"));
        Assert.Null(await _host.StoreAsync(device + "/reset_method", "\n"));
        Assert.Empty(await _host.ReadAsync(device + "/reset_method"));
        Assert.Equal(Errno.ENOTTY, await _host.StoreAsync(device + "/reset", "1"));
        Assert.Null(await _host.StoreAsync(device + "/reset_method", "default\n"));
        Assert.Null(await _host.StoreAsync(device + "/reset", "1\n"));
    }

    [Fact]
    public async Task What_is_removed_comes_back_with_a_rescan()
    {
        Assert.Equal(Errno.EINVAL, await _host.StoreAsync("/sys/bus/pci/devices/0000:00:16.0/remove", "x"));
        Assert.Null(await _host.StoreAsync("/sys/bus/pci/devices/0000:00:16.0/remove", "1"));
        foreach (string address in (string[])["0000:00:16.0", "0000:02:00.0", "0000:03:01.0", "0000:03:02.0"])
        {
            Assert.Null(_host.Machine.Find(PciAddress.Parse(address)));
            Assert.False(_host.Machine.Files.Exists($"/sys/bus/pci/devices/{address}"));
        }

        Assert.False(_host.Machine.Files.Exists("/sys/class/net/eth6"));

        Assert.Null(await _host.StoreAsync("/sys/bus/pci/rescan", "1"));
        Assert.Equal("e1000", _host.DriverOf("0000:03:01.0"));
        Assert.True(_host.Machine.Files.Exists("/sys/class/net/eth6"));
    }

    [Fact]
    public async Task Virtual_functions_come_and_go_with_their_physical_one()
    {
        using TestMachine host = new(DefaultHost.Create());
        string physical = "/sys/bus/pci/devices/0000:03:00.0";
        string[] addresses = ["0000:04:10.0", "0000:04:10.4", "0000:04:11.0", "0000:04:11.4"];
        Assert.All(addresses, address => Assert.Equal("igbvf", host.DriverOf(address)));
        Assert.Equal("../0000:04:10.4", host.Machine.Files.TargetOf(physical + "/virtfn1"));
        Assert.Equal("../0000:03:00.0", host.Machine.Files.TargetOf("/sys/bus/pci/devices/0000:04:10.4/physfn"));

        Assert.Equal(Errno.EBUSY, await host.StoreAsync(physical + "/sriov_numvfs", "2"));
        Assert.Equal((Errno)34, await host.StoreAsync(physical + "/sriov_numvfs", "8"));
        Assert.Equal(Errno.EINVAL, await host.StoreAsync(physical + "/sriov_numvfs", "x"));
        Assert.Null(await host.StoreAsync(physical + "/sriov_numvfs", "0"));
        Assert.Null(host.Machine.Find(PciAddress.Parse(addresses[0])));
        Assert.Null(await host.StoreAsync(physical + "/sriov_numvfs", "2"));
        Assert.Equal("igbvf", host.DriverOf(addresses[1]));

        // One of them is pciback's when the driver of the physical one lets go.
        await host.SeizeAsync(addresses[0]);
        Assert.Null(await host.StoreAsync("/sys/bus/pci/drivers/igb/unbind", "0000:03:00.0"));
        Assert.Null(host.Machine.Find(PciAddress.Parse(addresses[0])));
        Assert.Equal("0\n", await host.ReadAsync(physical + "/sriov_numvfs"));
        Assert.Equal(Errno.ENOENT, await host.StoreAsync(physical + "/sriov_numvfs", "1"));
    }

    [Fact]
    public async Task Who_watches_is_told_of_drivers_and_may_ask_back()
    {
        List<string> told = [];
        _host.Machine.DriverChanged += function =>
        {
            // From another thread, which the machine's lock would keep out.
            bool isThere = Task.Run(() => _host.Machine.Find(function.Address) is not null).Result;
            told.Add($"{function} {function.Driver} {isThere}");
        };

        await _host.StoreAsync($"{Drivers}/e1000/unbind", Card);
        await _host.StoreAsync($"{Drivers}/e1000/bind", Card);

        Assert.Equal([$"{Card}  True", $"{Card} e1000 True"], told);
    }

    [Fact]
    public void Xen_gives_a_function_to_one_domain_and_takes_it_back_into_quarantine()
    {
        PciAddress card = PciAddress.Parse(Card);
        SimulatedMachine machine = _host.Machine;
        Assert.Equal(Errno.ENODEV, machine.LeaveQuarantine(card));
        Assert.Null(machine.Quarantine(card));
        Assert.Null(machine.AssignTo(card, 3));
        Assert.Equal(Errno.EBUSY, machine.AssignTo(card, 4));
        Assert.Equal(Errno.EBUSY, machine.Quarantine(card));
        Assert.Equal(Errno.ENODEV, machine.LeaveQuarantine(card));
        Assert.Null(machine.Release(card));
        Assert.Equal(Errno.ENODEV, machine.Release(card));
        Assert.True(machine.Find(card)!.IsQuarantined);
        Assert.Null(machine.LeaveQuarantine(card));
        Assert.Equal(Errno.ENODEV, machine.AssignTo(PciAddress.Parse("0a:00.0"), 3));
    }

    [Fact]
    public void Without_an_iommu_Xen_gives_nothing()
    {
        using TestMachine host = new(LabHost.Create() with { HasIommu = false });
        PciAddress card = PciAddress.Parse(Card);

        Assert.Equal(Errno.EOPNOTSUPP, host.Machine.Quarantine(card));
        Assert.Equal(Errno.EOPNOTSUPP, host.Machine.LeaveQuarantine(card));
        Assert.Equal(Errno.EOPNOTSUPP, host.Machine.AssignTo(card, 3));
        Assert.Equal(Errno.EOPNOTSUPP, host.Machine.Release(card));
    }
}
