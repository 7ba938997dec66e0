using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.Assignment;

public class RemoveTests
{
    [Fact]
    public async Task Remove_gives_the_card_back_and_leaves_nothing_behind()
    {
        await using AssignmentHost host = new();
        string before = host.State;
        await host.AddAsync(new AddAssignableOptions { Name = "uplink" });
        host.Ports.Runs.Clear();

        PciDevice device = await host.RemoveAsync();

        Assert.Equal(PciDeviceState.Host, device.State);
        Assert.Equal("e1000e", device.Driver);
        Assert.Equal(before, host.State);
        Assert.Equal(["pci-assignable-remove 0000:00:10.0"], host.Ports.Runs);
    }

    [Fact]
    public async Task NoRebind_leaves_it_without_driver_and_keeps_the_record_as_xl_does()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();

        PciDevice device = await host.RemoveAsync(noRebind: true);

        Assert.Equal(PciDeviceState.Unbound, device.State);
        Assert.Equal("/sys/bus/pci/drivers/e1000e", host.Store[AssignmentHost.Key + "/driver_path"]);
        Assert.True((await host.PlanRemoveAsync(noRebind: true)).Plan.IsEmpty);
        Assert.Equal("e1000e", (await host.RemoveAsync()).Driver);
    }

    [Fact]
    public async Task Removing_again_has_nothing_to_do()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        await host.RemoveAsync();

        Assert.True((await host.PlanRemoveAsync()).Plan.IsEmpty);
    }

    [Fact]
    public async Task What_xl_took_we_give_back()
    {
        await using AssignmentHost host = new();
        await host.RunAsync("xl", "pci-assignable-add", AssignmentHost.Nic);

        PciDevice device = await host.RemoveAsync();

        Assert.Equal("e1000e", device.Driver);
        Assert.Empty(host.Store.Dump("/libxl/pci"));
    }

    [Fact]
    public async Task What_we_took_xl_gives_back()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();

        await host.RunAsync("xl", "pci-assignable-remove", "-r", AssignmentHost.Nic);

        Assert.Equal("e1000e", host.DriverOf(AssignmentHost.Nic));
        Assert.True((await host.PlanRemoveAsync()).Plan.IsEmpty);
    }

    [Fact]
    public async Task A_domain_that_has_the_card_is_named_and_nothing_happens()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        await host.GiveAwayAsync();
        string before = host.State;

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => host.PlanRemoveAsync());

        Assert.Equal(ErrorIds.PciDeviceInUseByDomain, error.ErrorId);
        Assert.Contains("'netdd' (domid 1)", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task A_domain_that_took_the_card_after_the_look_keeps_it()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        PlannedChange<PciDevice> change = await host.PlanRemoveAsync();
        await host.GiveAwayAsync();
        string before = host.State;

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(
            () => change.Plan.RunAsync(host.Hand, default));

        Assert.Equal(ErrorIds.PciDeviceInUseByDomain, error.ErrorId);
        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task A_device_that_never_was_in_quarantine_comes_back_too()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        Assert.Null(host.Machine.LeaveQuarantine(AssignmentHost.NicAddress));

        PciDevice device = await host.RemoveAsync();

        Assert.Equal("e1000e", device.Driver);
        Assert.Empty(host.Quarantined);
        Assert.Empty(host.Slots);
    }

    [Fact]
    public async Task Without_an_IOMMU_where_xl_can_only_fail_the_card_comes_back_all_the_same()
    {
        await using AssignmentHost host = new("no-iommu");
        await host.Simulation.RunAsync("xl", "pci-assignable-add", AssignmentHost.Nic);
        Assert.Equal("pciback", host.DriverOf(AssignmentHost.Nic));

        PciDevice device = await host.RemoveAsync();

        Assert.Equal("e1000e", device.Driver);
        Assert.Empty(host.Slots);
        Assert.Empty(host.Store.Dump("/libxl/pci"));
    }

    [Fact]
    public async Task A_driver_that_is_no_longer_loaded_is_a_refusal_before_anything_is_changed()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        await host.RunAsync("modprobe", "-r", "e1000e");
        string before = host.State;

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => host.PlanRemoveAsync());

        Assert.Equal(ErrorIds.OriginalDriverNotLoaded, error.ErrorId);
        Assert.Equal(before, host.State);
        Assert.Equal(PciDeviceState.Unbound, (await host.RemoveAsync(noRebind: true)).State);
    }

    [Theory]
    [InlineData("/sys/bus/pci/drivers/../../../../tmp/x")]
    [InlineData("/sys/bus/pci/drivers/pciback")]
    [InlineData("/etc")]
    public async Task A_record_that_no_toolstack_writes_is_not_followed(string path)
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        host.Store[AssignmentHost.Key + "/driver_path"] = path;

        PciDevice device = await host.RemoveAsync();

        Assert.Equal(PciDeviceState.Unbound, device.State);
        Assert.Contains(host.Reporter.Warnings, w => w.Contains("is no PCI driver", StringComparison.Ordinal));

        // It may tell a person where the card belongs, who has nothing else.
        Assert.Equal(path, host.Store[AssignmentHost.Key + "/driver_path"]);
        Assert.True((await host.PlanRemoveAsync()).Plan.IsEmpty);
    }

    [Theory]
    [InlineData("/etc", "is no PCI driver")]
    [InlineData(null, "No driver is recorded")]
    public void A_record_that_names_no_driver_is_a_finding_that_does_not_refuse(string? path, string cause)
    {
        AssignmentScene scene = new(
            new PciDevice { Dom0 = "dom0", Address = AssignmentHost.NicAddress },
            [],
            new HostSituation(),
            new XlInstallation("/usr/sbin/xl", new Version(4, 17)) { HasIommu = true },
            new DriverBinding(),
            new HashSet<string>(),
            new PciRecord { Address = AssignmentHost.NicAddress, DriverPath = path });

        Finding finding = Assert.Single(RemovePlanner.Check(scene, new RemoveAssignableOptions()));

        Assert.Equal(
            (ErrorIds.PciRecordMalformed, FindingSeverity.Warning, AssignmentHost.NicAddress),
            (finding.Id, finding.Severity, finding.Subject));
        Assert.Contains(cause, finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_its_driver_has_loses_even_a_record_that_no_toolstack_writes()
    {
        await using AssignmentHost host = new();
        host.Store[AssignmentHost.Key + "/driver_path"] = "/etc";

        await host.RemoveAsync();

        Assert.Empty(host.Store.Dump("/libxl/pci"));
    }

    [Fact]
    public async Task When_the_record_cannot_go_the_card_is_assignable_again_with_its_record()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        string before = host.State;
        host.Ports.Before = change =>
        {
            if (change == "commit")
            {
                throw new InvalidOperationException("no commit");
            }
        };

        await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        host.Ports.Before = null;
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task What_xl_takes_between_the_look_and_the_commit_keeps_its_record()
    {
        await using AssignmentHost host = new();
        host.Store[AssignmentHost.Key + "/driver_path"] = "/sys/bus/pci/drivers/e1000e";

        // As an oxenstored lets it pass: xl wrote what was there.
        host.Ports.Before = change =>
        {
            if (change == "commit")
            {
                host.Ports.Before = null;
                host.Unbind();
                host.NewSlot();
                host.Bind("pciback");
            }
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        Assert.Equal(ErrorIds.PciDriverBindFailed, error.ErrorId);
        Assert.Contains("is not back with a driver of dom0 but with pciback", error.Message, StringComparison.Ordinal);
        Assert.Equal("/sys/bus/pci/drivers/e1000e", host.Store[AssignmentHost.Key + "/driver_path"]);
    }

    [Fact]
    public async Task A_card_without_a_record_stays_without_driver_with_a_warning()
    {
        await using AssignmentHost host = new();
        host.Unbind();
        string before = host.State;
        await host.AddAsync();

        PciDevice device = await host.RemoveAsync();

        Assert.Equal(PciDeviceState.Unbound, device.State);
        Assert.Equal(before, host.State);
        Assert.Contains(host.Reporter.Warnings, w => w.Contains("drivers_probe", StringComparison.Ordinal));
    }
}
