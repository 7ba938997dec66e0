using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Assignment;

/// <summary>What giving a card back looks at, and what it restores when it fails on the way.</summary>
public class RemoveProofTests
{
    private const string Record = AssignmentHost.Key + "/driver_path";
    private const string Name = AssignmentHost.Key + "/name";
    private const string Domid = AssignmentHost.Key + "/domid";
    private const string E1000e = "/sys/bus/pci/drivers/e1000e";
    private const string BindFails = "write:/sys/bus/pci/drivers/e1000e/bind:1:EBUSY";

    [Fact]
    public async Task The_stale_record_of_a_domain_goes_but_not_that_of_another_one()
    {
        await using AssignmentHost host = new();
        string before = host.State;
        await host.AddAsync();
        host.Store[Domid] = "7";
        PlannedChange<PciDevice> change = await host.PlanRemoveAsync();
        Assert.Contains("stale record", change.Plan.Describe(), StringComparison.Ordinal);

        host.Store[Domid] = "9";
        await change.Plan.Steps[0].Parts[0].RunAsync(host.Hand, default);
        Assert.Equal("9", host.Store[Domid]);

        host.Store[Domid] = "7";
        await change.Plan.RunAsync(host.Hand, default);
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task A_name_that_outlived_the_binding_goes_and_comes_back_with_an_undo()
    {
        await using AssignmentHost host = new("write:/sys/bus/pci/drivers/e1000e/bind:1:EBUSY");
        host.Unbind();
        host.NewSlot();
        host.Store[Name] = "uplink";
        host.Store[Record] = E1000e;
        string before = host.State;

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        Assert.Equal(ErrorIds.PciDriverBindFailed, error.ErrorId);
        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, host.State);

        Assert.Equal(PciDeviceState.Host, (await host.RemoveAsync()).State);
        Assert.Empty(host.Store.Dump("/libxl/pci"));
        Assert.Empty(host.Slots);
    }

    [Fact]
    public async Task An_override_that_keeps_the_driver_off_is_cleared_and_restored_by_an_undo()
    {
        await using AssignmentHost host = new(BindFails);
        await host.AddAsync();
        host.Override("vfio-pci");
        string before = host.State;

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());
        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, host.State);

        Assert.Equal("e1000e", (await host.RemoveAsync()).Driver);
        Assert.Null(host.Machine.Find(AssignmentHost.NicAddress)!.Override);
    }

    [Fact]
    public async Task Without_an_IOMMU_an_undo_asks_for_no_quarantine_and_keeps_the_name()
    {
        await using AssignmentHost host = new("no-iommu", BindFails);
        await host.Simulation.RunAsync("xl", "pci-assignable-add", "-n", "uplink", AssignmentHost.Nic);
        Assert.Equal("uplink", host.Store[Name]);
        string before = host.State;
        Assert.Contains(" || true", (await host.PlanRemoveAsync()).Plan.ToShell(), StringComparison.Ordinal);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, host.State);
        Assert.DoesNotContain(host.Ports.Runs, run => run.StartsWith("pci-assignable-add", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_that_xl_does_not_let_out_at_the_second_try_either_stays_with_pciback()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        Assert.Null(host.Machine.LeaveQuarantine(AssignmentHost.NicAddress));
        host.Ports.OnRun = request => Task.FromResult(
            request.Arguments is ["pci-assignable-remove", ..]
                ? new CommandResult(1, string.Empty, "libxl: error: libxl_pci.c:906:f: failed to de-quarantine\n")
                : null);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        Assert.Equal(ErrorIds.PciReleaseFailed, error.ErrorId);
        Assert.Contains("(exit code 1): ", error.Message, StringComparison.Ordinal);
        Assert.Contains("failed to de-quarantine", error.Message, StringComparison.Ordinal);
        Assert.Equal("pciback", host.DriverOf(AssignmentHost.Nic));
        Assert.Equal(E1000e, host.Store[Record]);
        Assert.DoesNotContain("|| true", (await host.PlanRemoveAsync()).Plan.ToShell(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_xl_says_it_let_out_and_did_not_stays_with_pciback()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        string before = host.State;
        host.Ports.OnRun = request => Task.FromResult(
            request.Arguments is ["pci-assignable-remove", ..] ? new CommandResult(0, string.Empty, string.Empty) : null);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        Assert.Equal(ErrorIds.PciReleaseFailed, error.ErrorId);
        Assert.Contains("reported no error, but pciback still has", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task A_driver_that_is_missing_is_something_to_install()
    {
        await using AssignmentHost host = new();
        await host.AddAsync();
        await host.RunAsync("modprobe", "-r", "e1000e");

        Assert.Equal(
            ErrorKind.NotInstalled, (await Assert.ThrowsAsync<XenDriverDomainException>(() => host.PlanRemoveAsync())).Kind);
    }

    [Fact]
    public async Task What_was_not_granted_is_not_granted_by_an_undo()
    {
        await using AssignmentHost host = new(BindFails);
        await host.AddAsync();
        await Assert.ThrowsAsync<ChangeFailedException>(() => host.RemoveAsync());

        Assert.False((await host.AddAsync()).IsPermissive);
        Assert.Empty(host.Store.Dump("/local/domain/0/xendriverdomain"));
    }
}
