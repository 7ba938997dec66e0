using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

public class PolicyTests
{
    private const string File = "/etc/xen/driver-domains/pci-policy.conf";
    private const string RunLevelLink = "/etc/rc2.d/S01xen-pci-policy";
    [Fact]
    public async Task A_policy_is_kept_applied_and_removed_without_a_trace()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        string[] before = Files(host);

        IReadOnlyList<PciPolicyEntry> set = await SetAsync(host, "permissive 8086:10d3", "quirk 0000:00:10.0 78:4:0");
        Assert.All(set, entry => Assert.Contains(host.Card, entry.InEffect));
        Assert.True(host.Dom0.Machine.Files.Exists("/etc/systemd/system/multi-user.target.wants/xen-pci-policy.service"));
        Assert.True((await host.Session.Pci.GetAsync(host.Card, default)).IsPermissive);

        await host.GiveBackAsync();
        Assert.All(await host.Session.Policies.GetAsync(default), entry => Assert.Empty(entry.InEffect));
        Assert.True((await host.AddAsync()).IsPermissive);
        Assert.All(await host.Session.Policies.GetAsync(default), entry => Assert.Contains(host.Card, entry.InEffect));

        Assert.Empty(await SetAsync(host));
        Assert.Equal(before, Files(host));
    }

    [Fact]
    public async Task Setting_what_is_set_plans_nothing()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await SetAsync(host, "permissive 8086:10d3");
        Assert.True((await PlanAsync(host, "permissive 8086:10d3")).Plan.IsEmpty);
    }

    [Fact]
    public async Task A_plan_names_the_rules_and_warns_of_what_stays_in_effect()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        string[] four = ["permissive 8086:10d3", "quirk 0000:00:10.0 78:4:0", "permissive 0000:00:11.0", "permissive 0000:00:12.0"];
        Assert.Equal(
            $"Write {File}: permissive 8086:10d3; quirk 0000:00:10.0 00000078:4:00000000; permissive 0000:00:11.0; and 1 more",
            (await PlanAsync(host, four)).Plan.Steps[0].Description);

        await SetAsync(host, four);
        Told told = new();
        await host.Session.HeardBy(told).Policies.PlanSetAsync([PciPolicyRule.Parse(four[1])], default);
        Assert.Contains(
            "0000:00:10.0 stays as these rules made it until it is unbound from pciback: permissive 8086:10d3.",
            Assert.Single(told.Warnings), StringComparison.Ordinal);

        // What pciback has not got, or is to keep, is nothing to warn of.
        await host.GiveBackAsync();
        await host.Session.HeardBy(told).Policies.PlanSetAsync([], default);
        Assert.Single(told.Warnings);
    }

    [Theory]
    [InlineData("systemctl:enable:1:fail", ErrorIds.PciPolicyNotEnabled)]
    [InlineData("write:/sys/bus/pci/drivers/pciback/permissive:1:EINVAL", ErrorIds.PciPermissiveFailed)]
    [InlineData("write:/sys/bus/pci/drivers/pciback/quirks:1:EINVAL", ErrorIds.PciQuirkFailed)]
    public async Task A_failure_takes_the_files_back(string fault, string errorId)
    {
        await using SimulatedHost host = new("lab", fault);
        await host.AddAsync();
        string[] before = Files(host);
        XenDriverDomainException error = await Assert.ThrowsAnyAsync<XenDriverDomainException>(
            () => SetAsync(host, "permissive 8086:10d3", "quirk 0000:00:10.0 78:4:0"));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(before, Files(host));
    }

    [Fact]
    public async Task Without_systemd_it_is_a_script_of_the_run_levels()
    {
        await using SimulatedHost host = WithoutSystemd();
        string[] before = Files(host);
        await SetAsync(host, "permissive 8086:10d3");
        Assert.Equal("../init.d/xen-pci-policy", host.Dom0.Machine.Files.TargetOf(RunLevelLink));

        // Killed before the script was put into the run levels: the same again does that, and nothing else.
        Assert.Equal(0, host.Dom0.Run(["update-rc.d", "-f", "xen-pci-policy", "remove"]).ExitCode);
        PlannedChange<IReadOnlyList<PciPolicyEntry>> again = await PlanAsync(host, "permissive 8086:10d3");
        Assert.Contains("/etc/init.d/xen-pci-policy", Assert.Single(again.Plan.Steps).Description, StringComparison.Ordinal);
        await host.RunAsync(Task.FromResult(again));
        Assert.True(host.Dom0.Machine.Files.Exists(RunLevelLink));

        await SetAsync(host);
        Assert.False(host.Dom0.Machine.Files.Exists(RunLevelLink));
        Assert.Equal(before, Files(host));
    }

    [Fact]
    public async Task A_script_that_init_does_not_take_is_taken_back()
    {
        await using SimulatedHost host = WithoutSystemd("update-rc.d::1:fail=1 insserv: cannot");
        string[] before = Files(host);
        XenDriverDomainException error =
            await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => SetAsync(host, "permissive 8086:10d3"));
        Assert.Equal(ErrorIds.PciPolicyNotEnabled, error.ErrorId);
        Assert.Contains("insserv: cannot", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Files(host));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_keeps_nobody_from_assigning()
    {
        await using SimulatedHost host = new();
        host.Dom0.Machine.Files.Put(File, "permissive 8086:10d3\nnonsense\n");
        PciDevice device = await host.AddAsync();
        Assert.Equal((PciDeviceState.Assignable, false), (device.State, device.IsPermissive));
        Assert.Equal(
            ErrorIds.PciPolicyRuleMalformed,
            (await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.Session.Policies.GetAsync(default))).ErrorId);
    }

    [Fact]
    public async Task A_device_that_could_not_be_given_back_is_as_permissive_as_before()
    {
        await using SimulatedHost host = new("lab", "write:/sys/bus/pci/drivers/e1000e/bind:1:EBUSY");
        await host.AddAsync(options: new AddAssignableOptions { Permissive = true });
        await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.GiveBackAsync());
        PciDevice device = await host.Session.Pci.GetAsync(host.Card, default);
        Assert.Equal((PciDeviceState.Assignable, true), (device.State, device.IsPermissive));
    }

    [Fact]
    public async Task A_device_that_could_not_be_given_back_has_the_fields_it_had()
    {
        await using SimulatedHost host = new("lab", "write:/sys/bus/pci/drivers/e1000e/bind:1:EBUSY");
        await host.AddAsync();
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("78:4:0"), default));
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("e0:2:f"), default));
        string[] before = Quirks(host);

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.GiveBackAsync());
        Assert.Empty(error.Outcome.Remaining);
        Assert.Equal(before, Quirks(host));

        await host.GiveBackAsync();
        await host.AddAsync();
        Assert.Equal(before.Length - 2, Quirks(host).Length);
    }

    [Fact]
    public async Task Fields_that_do_not_come_back_are_named()
    {
        await using SimulatedHost host = new(
            "lab", "write:/sys/bus/pci/drivers/e1000e/bind:1:EBUSY", "write:/sys/bus/pci/drivers/pciback/quirks:2:EINVAL");
        await host.AddAsync();
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("78:4:0"), default));
        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => host.GiveBackAsync());
        Assert.Contains("00000078:4:00000000", Assert.Single(error.Outcome.Remaining), StringComparison.Ordinal);
        Assert.True(host.Dom0.Machine.Functions.Single(f => f.Address == host.Card).IsQuarantined);
    }

    [Fact]
    public async Task A_field_is_known_by_who_stored_it_until_the_card_is_given_back()
    {
        await using SimulatedHost host = new();
        await SetAsync(host, "quirk 8086:10d3 78:4:0");
        await host.AddAsync();
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("7c:2:0"), default));
        Assert.Equal([(0x78, PciQuirkSource.Policy), (0x7c, PciQuirkSource.Command)], await KnownAsync(host));
        Assert.True((await host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("78:4:0"), default)).Plan.IsEmpty);
        Assert.Equal(
            ErrorIds.PciQuirkRegisterTaken,
            (await Assert.ThrowsAsync<XenDriverDomainException>(
                () => host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("7c:4:0"), default))).ErrorId);

        await host.GiveBackAsync();
        Assert.Empty(await KnownAsync(host));
        Assert.DoesNotContain(host.Tree(), line => line.Contains("xendriverdomain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_of_a_binding_that_another_program_ended_is_passed_over_and_cleaned_up()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("7c:2:0"), default));
        Assert.Equal(0, (await host.XlAsync("pci-assignable-remove", "-r", "00:10.0")).ExitCode);
        Assert.Equal(0, (await host.XlAsync("pci-assignable-add", "00:10.0")).ExitCode);
        Assert.Empty(await KnownAsync(host));

        // What is stored now replaces it.
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("80:1:0"), default));
        Assert.Equal([(0x80, PciQuirkSource.Command)], await KnownAsync(host));

        Assert.Equal(0, (await host.XlAsync("pci-assignable-remove", "-r", "00:10.0")).ExitCode);
        Assert.Contains(
            "recorded", (await host.Session.Assignments.PlanRemoveAsync(host.Card, new RemoveAssignableOptions(), default)).Plan.Describe(),
            StringComparison.Ordinal);
        await host.AddAsync();
        Assert.Empty(await KnownAsync(host));
        Assert.DoesNotContain(host.Tree(), line => line.Contains("xendriverdomain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_made_while_a_guest_had_the_card_ends_with_the_guest()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await host.NewAsync();
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("7c:2:0"), default));
        Assert.Equal([(0x7c, PciQuirkSource.Command)], await KnownAsync(host));
        Assert.Contains(Quirks(host), line => line.Contains("0000007c", StringComparison.Ordinal));

        await host.StopDriverDomainAsync();
        Assert.Empty(await KnownAsync(host));
        Assert.DoesNotContain(Quirks(host), line => line.Contains("0000007c", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task What_the_script_wrote_down_counts_for_the_binding_that_it_names(int off, bool counts)
    {
        await using SimulatedHost host = new();
        host.Dom0.Machine.Files.Put(File, "quirk 8086:10d3 78:4:0\n");
        Assert.Equal(0, (await host.XlAsync("pci-assignable-add", "00:10.0")).ExitCode);
        long inode = long.Parse(
            host.Dom0.Run(["stat", "-c", "%i", $"/sys/bus/pci/drivers/pciback/{host.Card}"]).StandardOutput,
            System.Globalization.CultureInfo.InvariantCulture);
        host.Dom0.Machine.Files.Put($"/run/xen-pci-policy/{host.Card}", $"{inode - off}\n00000078:4:00000000\nnonsense\n");

        Assert.Equal(counts ? [(0x78, PciQuirkSource.Policy)] : [], await KnownAsync(host));
        Assert.Equal(counts, Assert.Single(await host.Session.Policies.GetAsync(default)).InEffect.Contains(host.Card));
    }

    [Fact]
    public async Task A_copy_of_the_host_has_the_fields_that_were_written_down()
    {
        await using SimulatedHost host = new();
        await SetAsync(host, "quirk 8086:10d3 78:4:0");
        await host.AddAsync();
        await host.RunAsync(host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("7c:2:0"), default));
        XenDriverDomain.Snapshots.HostSnapshot snapshot = await host.Session.Recorder.RecordAsync(default);

        await using SimulatedDom0 copy = SimulatedDom0.Create(XenDriverDomain.Simulation.Snapshots.SnapshotHost.Options(snapshot));
        await using XenDriverDomain.Hosts.HostSession session = XenDriverDomain.Hosts.HostSession.Of(copy.CreateDom0());
        Assert.Equal(
            [(0x78, PciQuirkSource.Policy), (0x7c, PciQuirkSource.Command)],
            (await session.Quirks.ListAsync(default)).Select(one => (one.Register, one.Source)));
        Assert.Contains(0x7c, (await session.Quirks.ListFromKernelAsync(default)).Select(one => one.Register));
        Assert.Equal([host.Card], Assert.Single(await session.Policies.GetAsync(default)).InEffect);
    }

    [Theory]
    [InlineData("pci-policy.conf")]
    [InlineData("/etc/xen/no-such-file.sxp")]
    public async Task A_policy_file_that_is_none_is_refused(string path)
    {
        await using SimulatedHost host = new();
        Assert.Equal(
            ErrorIds.PciPolicyNotFound,
            (await Assert.ThrowsAsync<XenDriverDomainException>(() => host.Session.Policies.ReadAsync(path, default))).ErrorId);
    }

    [Fact]
    public async Task A_permissive_that_fails_gives_the_device_back()
    {
        await using SimulatedHost host = new("lab", "write:/sys/bus/pci/drivers/pciback/permissive:1:EINVAL");
        await Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.AddAsync(options: new AddAssignableOptions { Permissive = true }));
        Assert.Equal(PciDeviceState.Host, (await host.Session.Pci.GetAsync(host.Card, default)).State);
        Assert.True((await host.AddAsync(options: new AddAssignableOptions { Permissive = true })).IsPermissive);
    }

    private static SimulatedHost WithoutSystemd(params string[] faults)
    {
        SimulatedHost host = new("lab", faults);
        host.Dom0.Machine.Files.Remove("/run/systemd/system");
        host.Dom0.Machine.Files.MakeDirectory("/etc/init.d");
        return host;
    }

    private static Task<PlannedChange<IReadOnlyList<PciPolicyEntry>>> PlanAsync(SimulatedHost host, params string[] rules) =>
        host.Session.Policies.PlanSetAsync([.. rules.Select(PciPolicyRule.Parse)], default);

    private static Task<IReadOnlyList<PciPolicyEntry>> SetAsync(SimulatedHost host, params string[] rules) =>
        host.RunAsync(PlanAsync(host, rules));

    private static async Task<IEnumerable<(int Register, PciQuirkSource Source)>> KnownAsync(SimulatedHost host) =>
        (await host.Session.Quirks.ListAsync(default)).Select(one => (one.Register, one.Source));

    private static string[] Quirks(SimulatedHost host) =>
        [.. host.Dom0.Machine.Files.Text("/sys/bus/pci/drivers/pciback/quirks")!.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string[] Files(SimulatedHost host) =>
    [
        .. new[] { "/etc/xen/driver-domains", "/etc/udev/rules.d", "/etc/systemd/system", "/etc/systemd/system/multi-user."
            + "target.wants", "/etc/init.d" }
            .Where(host.Dom0.Machine.Files.Exists).SelectMany(host.Dom0.Machine.Files.Names)
            .Where(name => name.Contains("polic", StringComparison.Ordinal)),
    ];
}
