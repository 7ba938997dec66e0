using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Tests.Assignment;

/// <summary>What is refused before anything is changed.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("0000:00:1e.0", ErrorIds.PciDeviceNotFound)]
    [InlineData("0000:00:16.0", ErrorIds.PciDeviceIsBridge)]
    [InlineData("0000:00:00.0", ErrorIds.PciDeviceIsHostBridge)]
    public async Task Addresses_of_no_card_are_refused_and_nothing_lifts_it(string address, string id)
    {
        await using AssignmentHost host = new();
        await RefusedAsync(host, id, new AddAssignableOptions { Force = true }, address);
    }

    [Fact]
    public async Task The_disk_that_dom0_lives_on_is_refused_and_Force_lifts_it_with_a_warning()
    {
        await using AssignmentHost host = new();

        XenDriverDomainException error = await RefusedAsync(host, ErrorIds.PciDeviceVitalToDom0, address: "0000:00:1f.2");
        Assert.Contains("sda", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Force", error.Remedy, StringComparison.Ordinal);

        await host.AddAsync(new AddAssignableOptions { Force = true }, "0000:00:1f.2");
        Assert.Equal("pciback", host.DriverOf("0000:00:1f.2"));
        Assert.Contains(
            host.Reporter.Warnings, w => w.Contains("Overridden", StringComparison.Ordinal) && w.Contains("sda", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_that_a_domain_has_is_refused_by_the_domains_name()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        await host.GiveAwayAsync();

        XenDriverDomainException error = await RefusedAsync(
            host, ErrorIds.PciDeviceInUseByDomain, new AddAssignableOptions { Force = true });

        Assert.Contains("netdd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_pciback_the_remedy_is_LoadDriver()
    {
        await using AssignmentHost host = new("no-pciback");

        XenDriverDomainException error = await RefusedAsync(host, ErrorIds.PcibackNotLoaded);

        Assert.Contains("-LoadDriver", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_hide_element_is_named_even_with_LoadDriver()
    {
        await using AssignmentHost host = new(
            LabHost.Create() with { KernelCommandLine = "root=/dev/sda xen-pciback.hide=(00:11.0)(0000:82.0.0) quiet" }, "no-pciback");

        XenDriverDomainException error = await RefusedAsync(
            host, ErrorIds.PcibackHideMalformed, new AddAssignableOptions { LoadDriver = true });

        Assert.Contains("'(0000:82.0.0)'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_IOMMU_the_card_is_not_touched()
    {
        await using AssignmentHost host = new("no-iommu");

        await RefusedAsync(host, ErrorIds.NoIommu, new AddAssignableOptions { Force = true });
    }

    [Fact]
    public async Task Who_is_not_root_is_told_so()
    {
        await using AssignmentHost host = new();
        host.Machine.Files.Put("/proc/self/status", "Name:\tsh\nUid:\t1000\t1000\t1000\t1000\n");

        await RefusedAsync(host, ErrorIds.NotRoot);
    }

    [Fact]
    public async Task A_system_that_is_not_dom0_is_told_so()
    {
        await using AssignmentHost host = new();
        host.Machine.Files.Put("/proc/xen/capabilities", string.Empty);

        await RefusedAsync(host, ErrorIds.NotControlDomain);
    }

    [Fact]
    public async Task Missing_xl_is_told_before_anything_is_changed()
    {
        await using AssignmentHost host = new();
        host.Ports.OnRun = request => throw CommandErrors.NotFound(request.Program);

        await RefusedAsync(host, ErrorIds.XlNotFound);
    }

    [Fact]
    public async Task Missing_xenstored_is_told_before_anything_is_changed()
    {
        await using AssignmentHost host = new();
        Dom0 dom0 = new(
            "dom0",
            host.Dom0.Files,
            host.Dom0.Commands,
            host.Dom0.XenStoreTransport,
            (_, _) => throw new XenDriverDomainException(
                ErrorIds.XenStoreUnavailable, ErrorKind.NotInstalled, "No xenstored.", "Start it."),
            host.Dom0.Time);
        PciAssignments assignments = new(dom0, new XenDriverDomain.Inventory.PciInventory(dom0), host.Xl);

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => assignments.PlanAddAsync(AssignmentHost.NicAddress, new AddAssignableOptions(), default));

        Assert.Equal(ErrorIds.XenStoreUnavailable, error.ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("na\u00efve")]
    [InlineData("00:10.0")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Names_that_xl_does_not_take_are_refused(string name)
    {
        await using AssignmentHost host = new();
        await RefusedAsync(host, ErrorIds.AssignableNameMalformed, new AddAssignableOptions { Name = name });
    }

    [Fact]
    public async Task A_name_that_another_card_has_is_refused()
    {
        await using AssignmentHost host = new();
        await host.AddAsync(new AddAssignableOptions { Name = "uplink" }, "0000:00:11.0");

        await RefusedAsync(host, ErrorIds.AssignableNameInUse, new AddAssignableOptions { Name = "uplink" });
    }

    [Fact]
    public async Task A_name_is_refused_where_xl_has_none()
    {
        await using AssignmentHost host = new(LabHost.Create() with { XenVersion = new Version(4, 14, 6) });

        await RefusedAsync(host, ErrorIds.AssignableNameNotSupported, new AddAssignableOptions { Name = "uplink" });
    }

    private static async Task<XenDriverDomainException> RefusedAsync(
        AssignmentHost host, string id, AddAssignableOptions? options = null, string address = AssignmentHost.Nic)
    {
        string before = host.State;
        host.Ports.Reset();
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => host.PlanAddAsync(options, address));
        Assert.Equal(id, error.ErrorId);
        Assert.NotEmpty(error.Remedy);
        Assert.Equal(before, host.State);
        Assert.Empty(host.Ports.Changes);
        return error;
    }
}
