using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Tests.Assignment;

/// <summary>What taking a card looks at before it says that the card is assignable, and what it takes back when it is not.</summary>
public class AddProofTests
{
    private const string Record = AssignmentHost.Key + "/driver_path";
    private const string Name = AssignmentHost.Key + "/name";
    private const string Drivers = "/sys/bus/pci/drivers/";
    private const string There = "libxl: warning: libxl_pci.c:802:f: 0000:00:10.0 already assigned to pciback\n";

    [Fact]
    public async Task A_card_that_is_assignable_gets_another_name_and_keeps_its_own_when_xl_only_says_so()
    {
        await using AssignmentHost host = new();
        await host.AddAsync(new AddAssignableOptions { Name = "uplink" });
        string before = host.State;
        PlannedChange<PciDevice> change = await host.PlanAddAsync(new AddAssignableOptions { Name = "wan" });
        Assert.False(Assert.Single(change.Plan.Steps).MakesSure);
        Assert.True(Assert.Single((await host.PlanAddAsync()).Plan.Steps).MakesSure);

        host.Ports.OnRun = Lie(0, There);
        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => change.Plan.RunAsync(host.Hand, default));

        Assert.Equal(ErrorIds.PciQuarantineFailed, error.ErrorId);
        Assert.Contains("xl did not give 0000:00:10.0 the name 'wan'", error.Message, StringComparison.Ordinal);
        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, host.State);

        host.Ports.OnRun = null;
        Assert.Equal("wan", (await host.AddAsync(new AddAssignableOptions { Name = "wan" })).AssignableName);
    }

    [Fact]
    public async Task A_card_that_leaves_pciback_while_xl_works_is_not_called_assignable()
    {
        await using AssignmentHost host = new();
        string before = host.State;
        host.Ports.After = change =>
        {
            if (change.StartsWith("xl pci-assignable-add", StringComparison.Ordinal))
            {
                host.Unbind();
            }
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Equal(ErrorIds.PciQuarantineFailed, error.ErrorId);
        Assert.Contains("is no longer bound to pciback", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.State);
    }

    [Theory]
    [InlineData(0, There, null, 0)]
    [InlineData(0, "libxl: warning: libxl_pci.c:1:f: another matter\n" + There, null, 0)]
    [InlineData(0, "libxl: warning: libxl_pci.c:1:f: another matter\n", null, 1)]
    [InlineData(0, There + "libxl: error: libxl_pci.c:848:f: failed to quarantine\n", ErrorIds.PciQuarantineFailed, 0)]
    [InlineData(1, There, ErrorIds.PciQuarantineFailed, 0)]
    public async Task What_xl_says_of_the_quarantine_decides(int exitCode, string said, string? errorId, int warnings)
    {
        await using AssignmentHost host = new();
        string before = host.State;
        host.Ports.OnRun = Lie(exitCode, said);
        if (errorId is null)
        {
            await host.AddAsync();
        }
        else
        {
            Assert.Equal(errorId, (await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync())).ErrorId);
            Assert.Equal(before, host.State);
        }

        Assert.Equal(warnings, host.Reporter.Warnings.Count(w => w.Contains("could not be seen", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_card_that_was_listed_already_is_listed_when_the_quarantine_is_left_again()
    {
        await using AssignmentHost host = new();
        host.Unbind();
        host.NewSlot();
        string before = host.State;
        host.Ports.After = change =>
        {
            if (change.StartsWith("xl pci-assignable-add", StringComparison.Ordinal))
            {
                host.Store.Remove(Name);
            }
        };

        await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync(new AddAssignableOptions { Name = "uplink" }));

        Assert.Equal([AssignmentHost.Nic], host.Slots);
        Assert.Equal(before, host.State);
    }

    [Fact]
    public async Task An_older_record_is_back_when_the_card_is_back()
    {
        await using AssignmentHost host = new();
        host.Store[Record] = Drivers + "igb";
        string before = host.State;
        host.Machine.FailEnabling(AssignmentHost.NicAddress);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, host.State);
    }

    [Theory]
    [InlineData(Drivers + "igb")]
    [InlineData(null)]
    public async Task A_card_that_does_not_come_back_keeps_the_record_of_the_driver_it_had(string? older)
    {
        await using AssignmentHost host = new("write:/sys/bus/pci/drivers/e1000e/bind:EBUSY");
        if (older is not null)
        {
            host.Store[Record] = older;
        }

        host.Machine.FailEnabling(AssignmentHost.NicAddress);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Null(host.DriverOf(AssignmentHost.Nic));
        Assert.Equal(Drivers + "e1000e", host.Store[Record]);
        Assert.Contains(
            error.Outcome.Remaining,
            w => w.Contains("0000:00:10.0 is not back with e1000e, so the record is kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_that_another_driver_of_dom0_took_meanwhile_keeps_the_record_of_its_own()
    {
        await using AssignmentHost host = new();
        await host.RunAsync("modprobe", "vfio-pci");
        host.Machine.FailEnabling(AssignmentHost.NicAddress);
        host.Ports.Before = change =>
        {
            if (change.StartsWith(Drivers + "e1000e/bind", StringComparison.Ordinal))
            {
                host.Override("vfio-pci");
                host.Bind("vfio-pci");
            }
        };

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.AddAsync());

        Assert.Equal("vfio-pci", host.DriverOf(AssignmentHost.Nic));
        Assert.Equal(Drivers + "e1000e", host.Store[Record]);
        Assert.Contains(
            error.Outcome.Remaining, w => w.Contains("is not back with e1000e but with vfio-pci", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_goes_for_a_moment_is_written_again_and_said_so()
    {
        await using AssignmentHost host = new();
        host.Ports.Before = change =>
        {
            if (change.StartsWith("xl pci-assignable-add", StringComparison.Ordinal))
            {
                host.Store.Remove(Record);
            }
        };

        await host.AddAsync();

        Assert.Equal(Drivers + "e1000e", host.Store[Record]);
        Assert.Contains("has removed the record", Assert.Single(host.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_other_name_of_the_module_is_tried_only_when_the_first_loads_nothing()
    {
        List<string> programs = [];
        await using AssignmentHost host = new("no-pciback");
        host.Ports.OnRun = request =>
        {
            programs.Add($"{request.Program} {string.Join(' ', request.Arguments)}");
            return Task.FromResult<CommandResult?>(null);
        };

        await host.AddAsync(new AddAssignableOptions { LoadDriver = true });
        Assert.Contains("modprobe xen-pciback", programs);
        Assert.DoesNotContain("modprobe pciback", programs);

        // A kernel with Xen's own patches.
        await using AssignmentHost classic = new("no-pciback");
        classic.Ports.OnRun = async request => request is { Program: "modprobe", Arguments: [var module] }
            ? await classic.Simulation.RunAsync("modprobe", module == "pciback" ? "xen-pciback" : "no-such-module")
            : null;
        Assert.Equal(PciDeviceState.Assignable, (await classic.AddAsync(new AddAssignableOptions { LoadDriver = true })).State);
    }

    [Fact]
    public async Task A_driver_that_stays_loaded_is_named_as_what_remains()
    {
        await using AssignmentHost host = new("no-pciback", "modprobe:-r:lie");
        host.Machine.FailEnabling(AssignmentHost.NicAddress);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(
            () => host.AddAsync(new AddAssignableOptions { LoadDriver = true }));

        Assert.Contains("left the driver loaded", Assert.Single(error.Outcome.Remaining), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_driver_lists_by_itself_when_it_is_loaded_is_not_listed_again()
    {
        await using AssignmentHost host = new(
            LabHost.Create() with { KernelCommandLine = "root=/dev/sda xen-pciback.hide=(00:10.0)" }, "no-pciback");

        await host.AddAsync(new AddAssignableOptions { LoadDriver = true });

        Assert.Equal([AssignmentHost.Nic], host.Slots);
        Assert.DoesNotContain(host.Ports.Changes, change => change.Contains("new_slot", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_becomes_of_the_card_before_it_is_read_back_is_told()
    {
        await using AssignmentHost host = new();
        PlannedChange<PciDevice> change = await host.PlanAddAsync();
        await change.Plan.RunAsync(host.Hand, default);
        Assert.False((await change.ReadBackAsync(default)).IsPermissive);
        await host.GiveAwayAsync();
        PciDevice given = await change.ReadBackAsync(default);
        Assert.Equal((PciDeviceState.Assigned, 1), (given.State, given.Domid));

        await host.RunAsync("xl", "destroy", "netdd");
        await host.RunAsync("xl", "pci-assignable-remove", "-r", AssignmentHost.Nic);
        Assert.Equal(PciDeviceState.Host, (await change.ReadBackAsync(default)).State);
    }

    [Fact]
    public async Task A_card_that_is_assignable_can_become_permissive_and_is_so_once()
    {
        AddAssignableOptions permissive = new() { Permissive = true };
        await using AssignmentHost host = new();
        await host.AddAsync();

        Assert.True((await host.AddAsync(permissive)).IsPermissive);
        Assert.Single((await host.PlanAddAsync(permissive)).Plan.Steps);
    }

    [Theory]
    [InlineData("quirk 8086:10d3 78:4:0\n")]
    [InlineData("quirk 8086:10d3 78:4:0\npermissive 8086:10d3\n")]
    public async Task What_the_policy_grants_already_is_no_step_more(string policy)
    {
        await using AssignmentHost host = new();
        host.Machine.Files.Put("/etc/xen/driver-domains/pci-policy.conf", policy);

        PlannedChange<PciDevice> change = await host.PlanAddAsync(new AddAssignableOptions { Permissive = true });

        Assert.Single(change.Plan.Steps, step => step.Description.Contains("all of the configuration space", StringComparison.Ordinal));
        Assert.Single(change.Plan.Steps, step => step.Description.Contains("00000078:4:00000000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_is_told()
    {
        await using AssignmentHost host = new();
        host.Machine.Files.Put("/etc/xen/driver-domains/pci-policy.conf", "nonsense\n");

        Assert.False((await host.AddAsync()).IsPermissive);

        Assert.Contains(
            "The host's PCI policy is not applied to 0000:00:10.0", Assert.Single(host.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("~")]
    [InlineData("!")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void Names_that_xl_just_takes_are_taken(string name) => Assert.Null(AssignableName.WhyNot(name));

    [Theory]
    [InlineData("\u007f")]
    [InlineData(" ")]
    public void Names_that_xl_just_does_not_take_are_not(string name) => Assert.NotNull(AssignableName.WhyNot(name));

    private static Func<CommandRequest, Task<CommandResult?>> Lie(int exitCode, string said) => request => Task.FromResult(
        request.Arguments is ["pci-assignable-add", ..] ? new CommandResult(exitCode, string.Empty, said) : null);
}
