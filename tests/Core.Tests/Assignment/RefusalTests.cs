using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Assignment;

/// <summary>What is refused before anything is changed.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("0000:00:1e.0", ErrorIds.PciDeviceNotFound)]
    [InlineData("0000:00:16.0", ErrorIds.PciDeviceIsBridge)]
    [InlineData("0000:00:00.0", ErrorIds.PciDeviceIsHostBridge)]
    public async Task Addresses_of_no_card_are_refused_and_nothing_lifts_it(string address, string id) =>
        await RefusedAsync(new FakeHost(), id, new AddAssignableOptions { Force = true }, address);

    [Fact]
    public async Task The_disk_that_dom0_lives_on_is_refused_and_Force_lifts_it_with_a_warning()
    {
        FakeHost host = new();
        host.Kernel.AddDevice("0000:00:1f.2", "ahci", "0x010601");
        host.Kernel.Files.Put("/sys/devices/pci0000:00/0000:00:1f.2/ata1/host0/block/sda/dev", "8:0\n")
            .Link("/sys/class/block/sda", "../../devices/pci0000:00/0000:00:1f.2/ata1/host0/block/sda")
            .Put("/proc/1/mountinfo", "1 0 8:0 / / rw - ext4 /dev/sda rw\n");

        XenDriverDomainException error = await RefusedAsync(host, ErrorIds.PciDeviceVitalToDom0, address: "0000:00:1f.2");
        Assert.Contains("sda", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Force", error.Remedy, StringComparison.Ordinal);

        await host.AddAsync(new AddAssignableOptions { Force = true }, "0000:00:1f.2");
        Assert.Equal("pciback", host.Kernel.DriverOf("0000:00:1f.2"));
        Assert.Contains(host.Reporter.Warnings, w => w.Contains("Overridden", StringComparison.Ordinal) && w.Contains("sda", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_that_a_domain_has_is_refused_by_the_domains_name()
    {
        FakeHost host = new();
        await host.AddAsync();
        host.GiveTo(3, "netdd");

        XenDriverDomainException error = await RefusedAsync(host, ErrorIds.PciDeviceInUseByDomain, new AddAssignableOptions { Force = true });

        Assert.Contains("netdd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_pciback_the_remedy_is_LoadDriver()
    {
        XenDriverDomainException error = await RefusedAsync(new FakeHost(pcibackLoaded: false), ErrorIds.PcibackNotLoaded);

        Assert.Contains("-LoadDriver", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_hide_element_is_named_even_with_LoadDriver()
    {
        FakeHost host = new(pcibackLoaded: false);
        host.Kernel.Files.Put("/proc/cmdline", "root=/dev/sda xen-pciback.hide=(00:11.0)(0000:82.0.0) quiet\n");

        XenDriverDomainException error = await RefusedAsync(
            host, ErrorIds.PcibackHideMalformed, new AddAssignableOptions { LoadDriver = true });

        Assert.Contains("'(0000:82.0.0)'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_IOMMU_the_card_is_not_touched()
    {
        FakeHost host = new();
        host.Xl.Installation = host.Xl.Installation with { HasIommu = false };

        await RefusedAsync(host, ErrorIds.NoIommu, new AddAssignableOptions { Force = true });
    }

    [Fact]
    public async Task Who_is_not_root_is_told_so()
    {
        FakeHost host = new();
        host.Kernel.Files.Put("/proc/self/status", "Name:\tsh\nUid:\t1000\t1000\t1000\t1000\n");

        await RefusedAsync(host, ErrorIds.NotRoot);
    }

    [Fact]
    public async Task A_system_that_is_not_dom0_is_told_so()
    {
        FakeHost host = new();
        host.Kernel.Files.Put("/proc/xen/capabilities", string.Empty);

        await RefusedAsync(host, ErrorIds.NotControlDomain);
    }

    [Fact]
    public async Task Missing_xl_is_told_before_anything_is_changed()
    {
        FakeHost host = new();
        host.Xl.IsMissing = true;

        await RefusedAsync(host, ErrorIds.XlNotFound);
    }

    [Fact]
    public async Task Missing_xenstored_is_told_before_anything_is_changed()
    {
        FakeHost host = new();
        Dom0 dom0 = new(
            "dom0",
            host.Kernel.Files,
            host,
            host,
            (_, _) => throw new XenDriverDomainException(
                ErrorIds.XenStoreUnavailable, ErrorKind.NotInstalled, "No xenstored.", "Start it."),
            TimeProvider.System);
        PciAssignments assignments = new(dom0, new XenDriverDomain.Inventory.PciInventory(dom0), host.Xl);

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => assignments.PlanAddAsync(FakeHost.NicAddress, new AddAssignableOptions(), default));

        Assert.Equal(ErrorIds.XenStoreUnavailable, error.ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("na\u00efve")]
    [InlineData("00:10.0")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Names_that_xl_does_not_take_are_refused(string name) =>
        await RefusedAsync(new FakeHost(), ErrorIds.AssignableNameMalformed, new AddAssignableOptions { Name = name });

    [Fact]
    public async Task A_name_that_another_card_has_is_refused()
    {
        FakeHost host = new();
        host.Kernel.AddDevice("0000:00:11.0", "e1000e");
        await host.AddAsync(new AddAssignableOptions { Name = "uplink" }, "0000:00:11.0");

        await RefusedAsync(host, ErrorIds.AssignableNameInUse, new AddAssignableOptions { Name = "uplink" });
    }

    [Fact]
    public async Task A_name_is_refused_where_xl_has_none()
    {
        FakeHost host = new();
        host.Xl.Installation = host.Xl.Installation with { Version = new Version(4, 14) };

        await RefusedAsync(host, ErrorIds.AssignableNameNotSupported, new AddAssignableOptions { Name = "uplink" });
    }

    private static async Task<XenDriverDomainException> RefusedAsync(
        FakeHost host, string id, AddAssignableOptions? options = null, string address = FakeHost.Nic)
    {
        string before = host.State;
        host.Sabotage.Reset();
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => host.PlanAddAsync(options, address));
        Assert.Equal(id, error.ErrorId);
        Assert.NotEmpty(error.Remedy);
        Assert.Equal(before, host.State);
        Assert.Empty(host.Sabotage.Changes);
        return error;
    }
}
