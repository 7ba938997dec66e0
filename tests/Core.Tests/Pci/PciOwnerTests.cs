using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Pci;

/// <summary>Who has a device: pciback's list, xl's records, the back ends, and which domains still run.</summary>
public sealed class PciOwnerTests
{
    private const string Address = "0000:00:10.0";
    private const string Record = "/libxl/pci/0000-00-10-0";

    [Fact]
    public async Task A_device_that_pciback_holds_is_assignable_and_knows_its_driver()
    {
        PciWorld world = Bound();
        world.Store[$"{Record}/driver_path"] = "/sys/bus/pci/drivers/e1000e";
        world.Store[$"{Record}/name"] = "uplink";

        PciDevice device = await world.GetAsync(Address);

        Assert.Equal((PciDeviceState.Assignable, "pciback", "e1000e"), (device.State, device.Driver, device.OriginalDriver));
        Assert.Equal(("uplink", null, null), (device.AssignableName, device.Domid, device.Domain));
    }

    [Fact]
    public async Task A_device_of_a_running_domain_is_assigned()
    {
        PciWorld world = Bound().Domain(7, "netdd");
        world.Store[$"{Record}/domid"] = "7";

        PciDevice device = await world.GetAsync(Address);

        Assert.Equal((PciDeviceState.Assigned, 7, "netdd"), (device.State, device.Domid, device.Domain));
    }

    [Fact]
    public async Task A_record_that_names_a_domain_that_is_gone_is_stale()
    {
        PciWorld world = Bound();
        world.Store[$"{Record}/domid"] = "7";

        PciDevice device = await world.GetAsync(Address);

        Assert.Equal((PciDeviceState.Stale, 7, null), (device.State, device.Domid, device.Domain));
    }

    [Fact]
    public async Task A_domain_whose_directory_outlived_it_is_gone()
    {
        PciWorld world = Bound();
        world.Store["/local/domain/7/name"] = "netdd";
        world.Store[$"{Record}/domid"] = "7";

        Assert.Equal(PciDeviceState.Stale, (await world.GetAsync(Address)).State);
    }

    [Fact]
    public async Task Older_xl_is_understood()
    {
        PciWorld world = Bound().Domain(3, "olddd");
        world.Store["/libxl/pciback/0000-00-10-0/driver_path"] = "/sys/bus/pci/drivers/e1000e";
        world.Store["/local/domain/0/backend/pci/3/0/dev-0"] = "0000:00:10.0";
        world.Store["/local/domain/0/backend/pci/3/0/num_devs"] = "1";

        PciDevice device = await world.GetAsync(Address);

        Assert.Equal(
            (PciDeviceState.Assigned, "e1000e", 3, "olddd"), (device.State, device.OriginalDriver, device.Domid, device.Domain));
    }

    [Fact]
    public async Task A_back_end_of_a_running_domain_outweighs_a_record_of_a_dead_one()
    {
        PciWorld world = Bound().Domain(9, "new");
        world.Store[$"{Record}/domid"] = "7";
        world.Store["/local/domain/0/backend/pci/9/0/dev-0"] = "0000:00:10.0";

        Assert.Equal((PciDeviceState.Assigned, 9), await StateAsync(world));
    }

    [Fact]
    public async Task A_back_end_that_a_dead_domain_left_behind_does_not_hold_a_device_that_newer_xl_has_free()
    {
        PciWorld world = Bound();
        world.Store[$"{Record}/driver_path"] = "/sys/bus/pci/drivers/e1000e";
        world.Store["/local/domain/0/backend/pci/7/0/dev-0"] = "0000:00:10.0";

        Assert.Equal((PciDeviceState.Assignable, null), await StateAsync(world));
    }

    [Fact]
    public async Task A_back_end_that_a_dead_domain_left_behind_makes_no_device_of_dom0s_stale()
    {
        // What xl shutdown of a driver domain and xl pci-assignable-remove leave: the back end, without any record.
        PciWorld world = new("lab-dom0.txt");
        world.Store["/local/domain/0/backend/pci/7/0/dev-0"] = "0000:00:10.0";

        Assert.Equal((PciDeviceState.Host, null), await StateAsync(world));
    }

    [Fact]
    public async Task A_back_end_that_a_dead_domain_left_behind_holds_a_device_of_pciback_for_older_xl()
    {
        PciWorld world = Bound();
        world.Store["/local/domain/0/backend/pci/7/0/dev-0"] = "0000:00:10.0";

        Assert.Equal((PciDeviceState.Stale, 7), await StateAsync(world));
    }

    [Fact]
    public async Task Of_two_back_ends_that_of_the_running_domain_counts()
    {
        PciWorld world = Bound().Domain(3, "running");
        world.Store["/local/domain/0/backend/pci/3/0/dev-0"] = "0000:00:10.0";
        world.Store["/local/domain/0/backend/pci/7/0/dev-0"] = "0000:00:10.0";

        Assert.Equal((PciDeviceState.Assigned, 3), await StateAsync(world));
    }

    // What Remove-XenPciAssignable would not bind to is not shown as the driver that the function goes back to.
    [Theory]
    [InlineData("/sys/bus/pci/drivers/e1000e", "e1000e")]
    [InlineData("/sys/bus/pci/drivers/", null)]
    [InlineData("/sys/bus/pci/drivers/..", null)]
    [InlineData("/sys/bus/pci/drivers/pciback", null)]
    [InlineData("/sys/bus/pci/drivers/a b", null)]
    [InlineData("/sys/bus/pci/drivers/../../../../etc/e1000e", null)]
    [InlineData("/tmp/e1000e", null)]
    [InlineData("e1000e", null)]
    [InlineData("", null)]
    public async Task A_record_that_names_no_driver_is_no_driver(string path, string? driver)
    {
        PciWorld world = Bound();
        world.Store[$"{Record}/driver_path"] = path;

        Assert.Equal(driver, (await world.GetAsync(Address)).OriginalDriver);
        PciRecord record = await PciRecordReader.ReadAsync(
            await world.Store.ConnectAsync(), XenPaths.PciRecords, PciAddress.Parse(Address), default);
        Assert.Equal(driver, record.DriverName);
    }

    [Fact]
    public async Task What_a_domain_was_given_comes_in_that_order()
    {
        PciWorld world = Bound();
        world.Store["/local/domain/0/backend/pci/7/0/num_devs"] = "11";
        for (int i = 0; i < 11; i++)
        {
            world.Store[$"/local/domain/0/backend/pci/7/0/dev-{i}"] = $"0000:00:{0x1f - i:x2}.0";
            world.Store[$"/local/domain/0/backend/pci/7/0/vdev-{i}"] = $"0000:00:{i:x2}.00";
        }

        IReadOnlyList<PciAddress> served = await PciRecordReader.ServedAsync(await world.Store.ConnectAsync(), 7, default);

        Assert.Equal(Enumerable.Range(0, 11).Select(i => new PciAddress(0, 0, 0x1f - i, 0)), served);
        Assert.Equal([7], await PciRecordReader.ServedDomainsAsync(await world.Store.ConnectAsync(), default));
        Assert.Empty(await PciRecordReader.ServedAsync(await world.Store.ConnectAsync(), 8, default));
    }

    [Fact]
    public async Task A_slot_that_pciback_only_waits_for_is_listed()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Remove("/sys/devices/pci0000:00/0000:00:10.0/driver");

        Assert.Equal(PciDeviceState.Unbound, (await world.GetAsync(Address)).State);

        world.Files.Put("/sys/bus/pci/drivers/pciback/slots", "0000:00:10.0\n0000:07:00.0\n");

        Assert.Equal(PciDeviceState.Listed, (await world.GetAsync(Address)).State);
    }

    [Fact]
    public async Task What_breaks_the_rules_in_xenstore_is_passed_over()
    {
        PciWorld world = Bound();
        world.Store["/libxl/pci/nonsense/domid"] = "7";
        world.Store[$"{Record}/domid"] = "seven";
        world.Store[$"{Record}/name"] = "a\u001b[2Jb";
        world.Store["/local/domain/0/backend/pci/x/0/dev-0"] = "0000:00:10.0";
        world.Store["/local/domain/0/backend/pci/7/0/dev-0"] = "../../etc";

        PciDevice device = await world.GetAsync(Address);

        Assert.Equal((PciDeviceState.Assignable, null), (device.State, device.Domid));
        Assert.Equal("a\\u{1b}[2Jb", device.AssignableName);
    }

    [Fact]
    public async Task Without_xenstored_the_list_comes_with_a_warning_on_a_xen_host_only()
    {
        PciWorld xen = Bound().WithoutXenStore();
        PciWorld plain = Bound().WithoutXenStore();
        plain.Files.Remove("/proc/xen/capabilities");

        Assert.Equal((PciDeviceState.Assignable, null), await StateAsync(xen));
        Assert.Equal((PciDeviceState.Assignable, null), await StateAsync(plain));
        Assert.Contains("No xenstored.", Assert.Single(xen.Warnings), StringComparison.Ordinal);
        Assert.Empty(plain.Warnings);
    }

    private static PciWorld Bound()
    {
        PciWorld world = new("lab-dom0.txt");
        world.Files.Link("/sys/devices/pci0000:00/0000:00:10.0/driver", "../../../bus/pci/drivers/pciback");
        world.Files.Put("/sys/bus/pci/drivers/pciback/slots", "0000:00:10.0\n");
        return world;
    }

    private static async Task<(PciDeviceState State, int? Domid)> StateAsync(PciWorld world)
    {
        PciDevice device = await world.GetAsync(Address);
        return (device.State, device.Domid);
    }
}
