using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Assignment;

public class RemoveTests
{
    [Fact]
    public async Task Remove_gives_the_card_back_and_leaves_nothing_behind()
    {
        FakeHost host = new();
        string before = host.State;
        await host.AddAsync(new AddAssignableOptions { Name = "uplink" });
        host.Xl.Runs.Clear();

        PciDevice device = await host.RemoveAsync();

        Assert.Equal(PciDeviceState.Host, device.State);
        Assert.Equal("e1000e", device.Driver);
        Assert.Equal(before, host.State);
        Assert.Equal(["pci-assignable-remove 0000:00:10.0"], host.Xl.Runs);
    }

    [Fact]
    public async Task NoRebind_leaves_it_without_driver_and_keeps_the_record_as_xl_does()
    {
        FakeHost host = new();
        await host.AddAsync();

        PciDevice device = await host.RemoveAsync(noRebind: true);

        Assert.Equal(PciDeviceState.Unbound, device.State);
        Assert.Equal("/sys/bus/pci/drivers/e1000e", host.Store[FakeHost.Key + "/driver_path"]);
        Assert.True((await host.PlanRemoveAsync(noRebind: true)).Plan.IsEmpty);
        Assert.Equal("e1000e", (await host.RemoveAsync()).Driver);
    }

    [Fact]
    public async Task Removing_again_has_nothing_to_do()
    {
        FakeHost host = new();
        await host.AddAsync();
        await host.RemoveAsync();

        Assert.True((await host.PlanRemoveAsync()).Plan.IsEmpty);
    }

    [Fact]
    public async Task What_xl_took_we_give_back()
    {
        FakeHost host = new();
        await host.XlAsync("pci-assignable-add", FakeHost.Nic);

        PciDevice device = await host.RemoveAsync();

        Assert.Equal("e1000e", device.Driver);
        Assert.Empty(host.Store.Dump("/libxl/pci"));
    }

    [Fact]
    public async Task What_we_took_xl_gives_back()
    {
        FakeHost host = new();
        await host.AddAsync();

        await host.XlAsync("pci-assignable-remove", "-r", FakeHost.Nic);

        Assert.Equal("e1000e", host.Kernel.DriverOf(FakeHost.Nic));
        Assert.True((await host.PlanRemoveAsync()).Plan.IsEmpty);
    }

    [Fact]
    public async Task A_domain_that_has_the_card_is_named_and_nothing_happens()
    {
        FakeHost host = new();
        await host.AddAsync();
        host.GiveTo(3, "netdd");
        string before = host.State;

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => host.PlanRemoveAsync());

        Assert.Equal(ErrorIds.PciDeviceInUseByDomain, error.ErrorId);
        Assert.Contains("'netdd' (domid 3)", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task A_domain_that_took_the_card_after_the_look_keeps_it()
    {
        FakeHost host = new();
        await host.AddAsync();
        PlannedChange<PciDevice> change = await host.PlanRemoveAsync();
        host.GiveTo(3, "netdd");
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
        FakeHost host = new();
        await host.AddAsync();
        host.Xl.Quarantined.Clear();

        PciDevice device = await host.RemoveAsync();

        Assert.Equal("e1000e", device.Driver);
        Assert.Empty(host.Xl.Quarantined);
        Assert.Empty(host.Kernel.Slots);
    }

    [Fact]
    public async Task Without_an_IOMMU_where_xl_can_only_fail_the_card_comes_back_all_the_same()
    {
        FakeHost host = new();
        host.Xl.Installation = host.Xl.Installation with { HasIommu = false };
        await host.Xl.RunAsync(["pci-assignable-add", FakeHost.Nic], null, default);
        Assert.Equal("pciback", host.Kernel.DriverOf(FakeHost.Nic));

        PciDevice device = await host.RemoveAsync();

        Assert.Equal("e1000e", device.Driver);
        Assert.Empty(host.Kernel.Slots);
        Assert.Empty(host.Store.Dump("/libxl/pci"));
    }

    [Fact]
    public async Task A_driver_that_is_no_longer_loaded_is_a_refusal_before_anything_is_changed()
    {
        FakeHost host = new();
        await host.AddAsync();
        host.Kernel.Files.Remove("/sys/bus/pci/drivers/e1000e");
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
        FakeHost host = new();
        await host.AddAsync();
        host.Store[FakeHost.Key + "/driver_path"] = path;

        PciDevice device = await host.RemoveAsync();

        Assert.Equal(PciDeviceState.Unbound, device.State);
        Assert.Contains(host.Reporter.Warnings, w => w.Contains("is no PCI driver", StringComparison.Ordinal));

        // It may tell a person where the card belongs, who has nothing else.
        Assert.Equal(path, host.Store[FakeHost.Key + "/driver_path"]);
        Assert.True((await host.PlanRemoveAsync()).Plan.IsEmpty);
    }

    [Theory]
    [InlineData("/etc", "is no PCI driver")]
    [InlineData(null, "No driver is recorded")]
    public void A_record_that_names_no_driver_is_a_finding_that_does_not_refuse(string? path, string cause)
    {
        AssignmentScene scene = new(
            new PciDevice { Dom0 = "dom0", Address = FakeHost.NicAddress },
            [],
            new HostSituation(),
            new FakeHost().Xl.Installation,
            new DriverBinding(),
            new HashSet<string>(),
            new PciRecord { Address = FakeHost.NicAddress, DriverPath = path });

        Finding finding = Assert.Single(RemovePlanner.Check(scene, new RemoveAssignableOptions()));

        Assert.Equal((ErrorIds.PciRecordMalformed, FindingSeverity.Warning, FakeHost.NicAddress), (finding.Id, finding.Severity, finding.Subject));
        Assert.Contains(cause, finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_its_driver_has_loses_even_a_record_that_no_toolstack_writes()
    {
        FakeHost host = new();
        host.Store[FakeHost.Key + "/driver_path"] = "/etc";

        await host.RemoveAsync();

        Assert.Empty(host.Store.Dump("/libxl/pci"));
    }

    [Fact]
    public async Task When_the_record_cannot_go_the_card_is_assignable_again_with_its_record()
    {
        FakeHost host = new();
        await host.AddAsync();
        string before = host.State;
        host.Store.BeforeCommit = () => throw new InvalidOperationException("no commit");

        await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        host.Store.BeforeCommit = null;
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task What_xl_takes_between_the_look_and_the_commit_keeps_its_record()
    {
        FakeHost host = new();
        host.Store[FakeHost.Key + "/driver_path"] = "/sys/bus/pci/drivers/e1000e";

        // As an oxenstored lets it pass: xl wrote what was there.
        host.Store.BeforeCommit = () =>
        {
            host.Store.BeforeCommit = null;
            host.Kernel.SetDriver(FakeHost.Nic, "pciback");
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        Assert.Equal(ErrorIds.PciDriverBindFailed, error.ErrorId);
        Assert.Equal("/sys/bus/pci/drivers/e1000e", host.Store[FakeHost.Key + "/driver_path"]);
    }

    [Fact]
    public async Task A_card_without_a_record_stays_without_driver_with_a_warning()
    {
        FakeHost host = new();
        host.Kernel.SetDriver(FakeHost.Nic, null);
        string before = host.State;
        await host.AddAsync();

        PciDevice device = await host.RemoveAsync();

        Assert.Equal(PciDeviceState.Unbound, device.State);
        Assert.Equal(before, host.State);
        Assert.Contains(host.Reporter.Warnings, w => w.Contains("drivers_probe", StringComparison.Ordinal));
    }
}
