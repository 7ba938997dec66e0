using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Tests.Assignment;

public class AddTests
{
    [Fact]
    public async Task A_card_of_dom0_becomes_assignable_and_its_driver_is_recorded_where_xl_looks()
    {
        await using AssignmentHost host = new();

        PciDevice device = await host.AddAsync();

        Assert.Equal(PciDeviceState.Assignable, device.State);
        Assert.Equal("pciback", host.DriverOf(AssignmentHost.Nic));
        Assert.Equal("/sys/bus/pci/drivers/e1000e", host.Store[AssignmentHost.Key + "/driver_path"]);
        Assert.Contains(AssignmentHost.Nic, host.Quarantined);
        Assert.Equal(["pci-assignable-add 0000:00:10.0"], host.Ports.Runs);
    }

    [Fact]
    public async Task The_driver_is_recorded_before_it_is_unbound()
    {
        await using AssignmentHost host = new();

        await host.AddAsync();

        List<string> changes = host.Ports.Changes;
        int unbound = changes.FindIndex(c => c.Contains("/unbind=", StringComparison.Ordinal));
        Assert.InRange(changes.IndexOf($"write {AssignmentHost.Key}/driver_path"), 0, unbound);
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        await using AssignmentHost host = new();
        string before = host.State;

        PlannedChange<PciDevice> change = await host.PlanAddAsync();

        Assert.Equal(before, host.State);
        Assert.Empty(host.Ports.Changes);
        Assert.Contains("Unbind 0000:00:10.0 from e1000e", change.Plan.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_again_only_makes_sure_of_the_quarantine_and_keeps_the_name()
    {
        await using AssignmentHost host = new();
        await host.AddAsync(new AddAssignableOptions { Name = "uplink" });
        string before = host.State;

        PlannedChange<PciDevice> again = await host.PlanAddAsync();
        await again.Plan.RunAsync(host.Hand, default);

        Assert.Single(again.Plan.Steps);
        Assert.Equal(before, host.State);
        Assert.Equal("uplink", (await again.ReadBackAsync(default)).AssignableName);
    }

    [Fact]
    public async Task A_device_without_a_driver_keeps_its_older_record()
    {
        await using AssignmentHost host = new();
        host.Unbind();
        host.Store[AssignmentHost.Key + "/driver_path"] = "/sys/bus/pci/drivers/igb";

        await host.AddAsync();

        Assert.Equal("/sys/bus/pci/drivers/igb", host.Store[AssignmentHost.Key + "/driver_path"]);
    }

    [Fact]
    public async Task A_foreign_driver_override_is_cleared_and_restored_when_the_change_is_undone()
    {
        await using AssignmentHost host = new();
        host.Unbind();
        host.Override("vfio-pci");
        string before = host.State;
        host.Machine.FailEnabling(AssignmentHost.NicAddress);

        await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());
        Assert.Equal(before, host.State);

        host.Machine.FailEnabling(AssignmentHost.NicAddress, fails: false);
        Assert.Equal(PciDeviceState.Assignable, (await host.AddAsync()).State);
    }

    [Fact]
    public async Task When_pciback_refuses_the_card_is_back_on_its_driver_and_the_error_says_why()
    {
        await using AssignmentHost host = new();
        host.Machine.FailEnabling(AssignmentHost.NicAddress);
        string before = host.State;

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Equal(before, host.State);
        Assert.Equal(ErrorIds.PciDriverBindFailed, error.ErrorId);
        Assert.Contains("EIO", error.Message, StringComparison.Ordinal);
        Assert.Contains("0000:00:10.0 is with dom0's driver e1000e", error.Message, StringComparison.Ordinal);
        Assert.Equal(AssignmentHost.NicAddress, error.Target);
    }

    [Theory]
    [InlineData("/sys/bus/pci/drivers/e1000e/unbind", ErrorIds.PciDriverUnbindFailed)]
    [InlineData("/sys/bus/pci/drivers/pciback/new_slot", ErrorIds.PcibackSlotFailed)]
    public async Task A_kernel_that_takes_a_write_and_does_nothing_is_not_believed(string path, string id)
    {
        await using AssignmentHost host = new();
        string before = host.State;
        host.Ports.Deaf.Add(path);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Equal(id, error.ErrorId);
        Assert.Contains("although the kernel reported no error", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task A_driver_override_that_cannot_be_cleared_is_an_error_of_its_own()
    {
        await using AssignmentHost host = new();
        host.Unbind();
        host.Override("vfio-pci");
        string before = host.State;
        host.Ports.Deaf.Add($"/sys/bus/pci/devices/{AssignmentHost.Nic}/driver_override");

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Equal(ErrorIds.PciDriverOverrideFailed, error.ErrorId);
        Assert.Contains("still 'vfio-pci'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task When_Xen_refuses_the_quarantine_everything_is_undone()
    {
        await using AssignmentHost host = new();
        Assert.Null(host.Machine.AssignTo(AssignmentHost.NicAddress, 7));
        string before = host.State;

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Equal(before, host.State);
        Assert.Equal(ErrorIds.PciQuarantineFailed, error.ErrorId);
        Assert.Empty(error.Outcome.Remaining);
    }

    [Fact]
    public async Task A_record_that_another_program_keeps_removing_is_an_error_and_the_card_goes_back()
    {
        await using AssignmentHost host = new();
        string before = host.State;
        const string Record = AssignmentHost.Key + "/driver_path";
        host.Ports.Before = change =>
        {
            if (change.StartsWith("xl ", StringComparison.Ordinal))
            {
                host.Store.Remove(Record);
            }
        };
        host.Ports.After = change =>
        {
            if (change == $"write {Record}" && host.DriverOf(AssignmentHost.Nic) == "pciback")
            {
                host.Store.Remove(Record);
            }
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Equal(ErrorIds.PciRecordNotKept, error.ErrorId);
        Assert.Equal("e1000e", host.DriverOf(AssignmentHost.Nic));
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task A_stale_record_is_removed()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        host.Store[AssignmentHost.Key + "/domid"] = "7";
        Assert.Equal(PciDeviceState.Stale, (await host.PlanAddAsync().ContinueWith(t => t.Result.ReadBackAsync(default)).Unwrap()).State);

        PciDevice device = await host.AddAsync();

        Assert.Equal(PciDeviceState.Assignable, device.State);
        Assert.Null(host.Store[AssignmentHost.Key + "/domid"]);
    }

    [Fact]
    public async Task LoadDriver_loads_pciback_and_a_failure_later_unloads_it()
    {
        await using AssignmentHost host = new("no-pciback");
        host.Machine.FailEnabling(AssignmentHost.NicAddress);
        await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync(new AddAssignableOptions { LoadDriver = true }));
        Assert.False(host.Machine.IsPcibackLoaded);

        host.Machine.FailEnabling(AssignmentHost.NicAddress, fails: false);
        Assert.Equal(PciDeviceState.Assignable, (await host.AddAsync(new AddAssignableOptions { LoadDriver = true })).State);
    }

    [Fact]
    public async Task LoadDriver_that_loads_nothing_is_an_error_of_its_own()
    {
        await using AssignmentHost host = new("no-pciback", "modprobe:xen-pciback:fail=1 modprobe: FATAL: no such module");

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(
            () => host.AddAsync(new AddAssignableOptions { LoadDriver = true }));

        Assert.Equal(ErrorIds.PcibackNotLoaded, error.ErrorId);
        Assert.Equal("e1000e", host.DriverOf(AssignmentHost.Nic));
    }

    [Fact]
    public async Task Older_Xen_gets_its_record_in_the_older_place()
    {
        await using AssignmentHost host = new(LabHost.Create() with { XenVersion = new Version(4, 14, 6) });

        await host.AddAsync();

        Assert.Equal("/sys/bus/pci/drivers/e1000e", host.Store["/libxl/pciback/0000-00-10-0/driver_path"]);
    }
}
