using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// What setting a policy and adding a field look at before they say that it is so, what is refused, and what is taken back: of the boot
/// unit, of pciback's attributes, and of the records of what was stored.
/// </summary>
public sealed class PolicyProofTests
{
    private const string File = PolicyFile.Path;
    private const string Script = "/etc/xen/driver-domains/apply-pci-policy";
    private const string UdevRule = "/etc/udev/rules.d/80-xen-pci-policy.rules";
    private const string RunLevelLink = "/etc/rc2.d/S01xen-pci-policy";
    private const string BindFails = "write:/sys/bus/pci/drivers/e1000e/bind:1:EBUSY";
    private const string Pciback = "/sys/bus/pci/drivers/pciback/";
    private static readonly PciAddress s_equal = PciAddress.Parse("00:15.0");

    private HookedPorts? _ports;

    [Fact]
    public async Task What_is_written_is_the_script_and_systemd_is_told_of_its_unit()
    {
        await using SimulatedHost host = Host("lab");
        await SetAsync(host, "permissive 8086:10d3");

        Assert.StartsWith("#!/bin/sh", host.Dom0.Machine.Files.Text(Script), StringComparison.Ordinal);
        Assert.Contains("systemctl daemon-reload", _ports!.Runs);
        Assert.True(host.Dom0.Machine.Files.Exists(UdevRule));

        _ports.Runs.Clear();
        await SetAsync(host, "permissive 8086:10d3", "permissive 0000:00:11.0");
        Assert.DoesNotContain(_ports.Runs, run => run.Contains("systemctl", StringComparison.Ordinal));
        await SetAsync(host);
        Assert.False(host.Dom0.Machine.Files.Exists(UdevRule));
        Assert.Contains("systemctl daemon-reload", _ports.Runs);
    }

    [Fact]
    public async Task Without_udev_there_is_no_rule_but_one_that_was_left_goes()
    {
        await using SimulatedHost host = Host("lab");
        host.Dom0.Machine.Files.Remove("/etc/udev/rules.d");
        await SetAsync(host, "permissive 8086:10d3");
        Assert.False(host.Dom0.Machine.Files.Exists(UdevRule));
    }

    [Fact]
    public async Task With_init_setting_what_is_set_plans_nothing()
    {
        await using SimulatedHost host = WithoutSystemd();
        string text = (await PlanAsync(host, "permissive 8086:10d3")).Plan.ToShell();
        Assert.Contains("\nchmod 755 /etc/init.d/xen-pci-policy\nupdate-rc.d xen-pci-policy defaults\n", text, StringComparison.Ordinal);
        await SetAsync(host, "permissive 8086:10d3");
        Assert.True((await PlanAsync(host, "permissive 8086:10d3")).Plan.IsEmpty);

        text = (await PlanAsync(host)).Plan.ToShell();
        Assert.Contains("\nupdate-rc.d -f xen-pci-policy remove\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nchmod", text, StringComparison.Ordinal);
        await SetAsync(host);
        Assert.True((await PlanAsync(host)).Plan.IsEmpty);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_fails_after_the_unit_was_enabled_takes_it_out_of_the_boot_again(bool hasSystemd)
    {
        const string Fault = "write:/sys/bus/pci/drivers/pciback/permissive:1:EINVAL";
        await using SimulatedHost host = hasSystemd ? Host("lab", Fault) : WithoutSystemd(Fault);
        await host.AddAsync();

        ChangeFailedException error = await Assert.ThrowsAsync<ChangeFailedException>(() => SetAsync(host, "permissive 8086:10d3"));

        Assert.Equal(ErrorIds.PciPermissiveFailed, error.ErrorId);
        Assert.Contains("EINVAL", error.Message, StringComparison.Ordinal);
        Assert.Empty(error.Outcome.Remaining);
        Assert.False(host.Dom0.Machine.Files.Exists(RunLevelLink));
        Assert.False(host.Dom0.Machine.Files.Exists("/etc/systemd/system/multi-user.target.wants/xen-pci-policy.service"));
        Assert.False(host.Dom0.Machine.Files.Exists(File));
    }

    [Fact]
    public async Task Programs_of_other_distributions_are_tried_and_it_is_an_error_when_there_is_none()
    {
        await using SimulatedHost host = WithoutSystemd();
        _ports!.IsMissing = program => program is "update-rc.d" or "chkconfig" or "rc-update";
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => SetAsync(host, "permissive 8086:10d3"));
        Assert.Equal(ErrorIds.PciPolicyNotEnabled, error.ErrorId);
        Assert.Contains("none of update-rc.d, chkconfig, rc-update", error.Message, StringComparison.Ordinal);
        Assert.False(host.Dom0.Machine.Files.Exists(File));
    }

    [Fact]
    public async Task Where_no_init_system_is_known_the_administrator_is_told_what_to_run()
    {
        await using SimulatedHost host = Host("lab");
        host.Dom0.Machine.Files.Remove("/run/systemd/system");
        host.Dom0.Machine.Files.Remove("/etc/init.d");
        Told told = new();
        await host.RunAsync(host.Session.HeardBy(told).Policies.PlanSetAsync([PciPolicyRule.Parse("permissive 8086:10d3")], default), told);
        Assert.Contains($"have it run 'sh {Script}' at boot", Assert.Single(told.Warnings), StringComparison.Ordinal);

        await host.RunAsync(host.Session.HeardBy(told).Policies.PlanSetAsync([], default), told);
        Assert.Single(told.Warnings);
    }

    [Theory]
    [InlineData("/etc/systemd/system/xen-pci-policy.service", true)]
    [InlineData("/etc/init.d/xen-pci-policy", false)]
    [InlineData(RunLevelLink, false)]
    [InlineData(Script, null)]
    [InlineData(UdevRule, null)]
    public void A_path_is_of_an_init_system_or_of_none(string path, bool? isOfSystemd) =>
        Assert.Equal(isOfSystemd, PolicyBootUnit.IsOfSystemd(path));

    [Fact]
    public async Task A_rule_is_applied_to_the_devices_that_it_is_about_and_to_no_other()
    {
        await using SimulatedHost host = Host("lab");
        await host.AddAsync();

        IReadOnlyList<PciPolicyEntry> set = await SetAsync(host, "permissive 0000:00:11.0", "quirk 0000:00:11.0 78:4:0");

        Assert.Equal([PciPolicyKind.Permissive, PciPolicyKind.Quirk], set.Select(entry => entry.Kind));
        Assert.All(set, entry => Assert.Empty(entry.InEffect));
        Assert.False((await host.Session.Pci.GetAsync(host.Card, default)).IsPermissive);
        Assert.Empty(await host.Session.Quirks.ListAsync(default));
    }

    [Fact]
    public async Task What_stays_in_effect_is_warned_of_and_nothing_else()
    {
        await using SimulatedHost host = Host("lab");
        Told told = new();
        await host.AddAsync();
        await host.RunAsync(host.Session.HeardBy(told).Policies.PlanSetAsync([PciPolicyRule.Parse("permissive 8086:10d3")], default), told);
        Assert.Empty(told.Warnings);

        await host.Session.HeardBy(told).Policies.PlanSetAsync([], default);
        Assert.Contains("stays as these rules made it", Assert.Single(told.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_can_be_replaced()
    {
        await using SimulatedHost host = Host("lab");
        host.Dom0.Machine.Files.Put(File, "nonsense\n");
        Assert.Single(await SetAsync(host, "permissive 8086:10d3"));
    }

    [Theory]
    [InlineData("# mine\n\npermissive 8086:10d3\n", "permissive 8086:10d3")]
    [InlineData("\n# xend's\n  (unconstrained_dev_ids ('8086:10d3'))\n", "permissive 8086:10d3")]
    [InlineData("# nothing\n\n", null)]
    [InlineData("", null)]
    public async Task A_file_is_read_for_what_it_is(string text, string? rule)
    {
        await using SimulatedHost host = Host("lab");
        host.Dom0.Machine.Files.Put("/root/policy", text);
        Assert.Equal(rule is null ? [] : [rule], (await host.Session.Policies.ReadAsync("/root/policy", default)).Select(one => one.Rule));
    }

    [Theory]
    [InlineData("/etc/xen/pci\npolicy.conf", "is no full path on dom0")]
    [InlineData("pci-policy.conf", "is no full path on dom0")]
    [InlineData("/root/none", "is no file on dom0")]
    public async Task Why_a_file_is_none_is_said(string path, string why)
    {
        await using SimulatedHost host = Host("lab");
        Assert.Contains(
            why,
            (await Assert.ThrowsAsync<XenDriverDomainException>(() => host.Session.Policies.ReadAsync(path, default))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_are_for_devices_that_pciback_has()
    {
        await using SimulatedHost host = Host("lab");
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("78:4:0"), default));
        Assert.Equal((ErrorIds.PciNotSeized, (object?)host.Card), (error.ErrorId, error.Target));
        Assert.Contains("its driver is e1000e", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_of_the_header_are_pcibacks_own()
    {
        await using SimulatedHost host = Host("lab");
        await host.AddAsync();
        Assert.True((await host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("4:2:0"), default)).Plan.IsEmpty);
        Assert.Equal(
            ErrorIds.PciQuirkRegisterTaken,
            (await Assert.ThrowsAsync<XenDriverDomainException>(
                () => host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("4:1:0"), default))).ErrorId);

        PciDevice device = await host.Session.Pci.GetAsync(host.Card, default);
        PciDevice bridge = await host.Session.Pci.GetAsync(PciAddress.Parse("00:13.0"), default);
        Assert.Equal(PciConfigField.Parse("30:4:0"), PcibackHeader.Find(device, 0x30));
        Assert.Null(PcibackHeader.Find(device, 0x38));
        Assert.Null(PcibackHeader.Find(bridge, 0x30));
        Assert.Equal(PciConfigField.Parse("38:4:0"), PcibackHeader.Find(bridge, 0x38));
    }

    [Fact]
    public async Task Who_stored_a_field_first_is_who_stored_it()
    {
        await using SimulatedHost host = Host("lab");
        await SetAsync(host, "quirk 8086:10d3 78:4:0");
        await host.AddAsync();
        PlannedChange<IReadOnlyList<PciQuirk>> again =
            await host.Session.Quirks.PlanAddAsync(host.Card, PciConfigField.Parse("78:4:0"), default);
        Assert.Equal(PciQuirkSource.Policy, Assert.Single(await again.ReadBackAsync(default)).Source);
        Assert.Equal(PciQuirkSource.Command, Assert.Single(await AddFieldAsync(host, "7c:2:0")).Source);

        // pciback passes over what the policy says of it now.
        await SetAsync(host, "quirk 8086:10d3 78:4:0", "quirk 8086:10d3 7c:2:ff");
        Assert.Equal(
            ["0000:00:10.0-00000078:4:00000000 Policy", "0000:00:10.0-0000007c:2:00000000 Command"], await KnownAsync(host));
    }

    [Fact]
    public async Task Fields_of_several_cards_are_known_each_by_its_own_record()
    {
        await using SimulatedHost host = Host("lab");
        await host.AddAsync();
        await host.AddAsync(s_equal);
        Assert.Empty(await KnownAsync(host));
        await AddFieldAsync(host, "7c:2:0");
        await AddFieldAsync(host, "80:1:0", s_equal);
        Assert.Equal(
            ["0000:00:10.0-0000007c:2:00000000 Command", "0000:00:15.0-00000080:1:00000000 Command"], await KnownAsync(host));

        // What the script wrote down of one of them.
        string inode = host.Dom0.Run(["stat", "-c", "%i", $"{Pciback}{s_equal}"]).StandardOutput.Trim();
        host.Dom0.Machine.Files.Put($"/run/xen-pci-policy/{s_equal}", $"{inode}\n00000078:4:00000000\n");
        Assert.Contains("0000:00:15.0-00000078:4:00000000 Policy", await KnownAsync(host));

        // A record that is none, and one of a card that pciback has not.
        host.Dom0.Store.Write(0, "/local/domain/0/xendriverdomain/pci/nonsense", string.Empty);
        Assert.Equal(3, (await KnownAsync(host)).Length);
    }

    [Fact]
    public async Task All_that_was_stored_for_one_guest_is_known()
    {
        await using SimulatedHost host = Host("lab");
        await host.AddAsync();
        await host.NewAsync();
        await AddFieldAsync(host, "7c:2:0");
        await AddFieldAsync(host, "80:1:0");
        Assert.Equal(2, (await KnownAsync(host)).Length);

        // The next guest has none of them.
        await host.StopDriverDomainAsync();
        await host.StartAsync();
        await AddFieldAsync(host, "84:1:0");
        Assert.Equal(["0000:00:10.0-00000084:1:00000000 Command"], await KnownAsync(host));
    }

    [Fact]
    public async Task A_field_of_a_card_that_left_pciback_meanwhile_is_not_called_added()
    {
        await using SimulatedHost host = Host("lab");
        await host.AddAsync();
        _ports!.After = change =>
        {
            if (change == "write " + Pciback + "quirks")
            {
                Assert.Equal(0, host.Dom0.Run(["xl", "pci-assignable-remove", "-r", $"{host.Card}"]).ExitCode);
            }
        };

        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => AddFieldAsync(host, "7c:2:0"));

        Assert.Equal(ErrorIds.PciQuirkFailed, error.ErrorId);
        Assert.Contains("has left pciback meanwhile", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Tree(), line => line.Contains("xendriverdomain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_that_pciback_only_says_is_permissive_is_not()
    {
        await using SimulatedHost host = new(
            LabHost.Create(), dom0 => (_ports = new HookedPorts(dom0) { Deaf = Pciback + "permissive" }).Wrap());
        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(
            () => host.AddAsync(options: new AddAssignableOptions { Permissive = true }));
        Assert.Equal(ErrorIds.PciPermissiveFailed, error.ErrorId);
        Assert.Contains("although it reported no error", error.Message, StringComparison.Ordinal);
        Assert.Equal(PciDeviceState.Host, (await host.Session.Pci.GetAsync(host.Card, default)).State);
    }

    [Theory]
    [InlineData(4093, false)]
    [InlineData(4094, false)]
    [InlineData(4095, null)]
    [InlineData(4096, null)]
    public async Task A_list_that_fills_its_page_proves_nothing(int length, bool? isPermissive)
    {
        await using SimulatedHost host = new(LabHost.Create(), dom0 => (_ports = new HookedPorts(dom0)).Wrap());
        _ports!.Read = path => path == Pciback + "permissive" ? new string('x', length) : null;
        Assert.Equal(isPermissive, await new PcibackFields(_ports.Wrap()).IsPermissiveAsync(host.Card, default));
        _ports.Read = path => path == Pciback + "permissive" ? $"{host.Card}\n{new string('x', length)}" : null;
        Assert.True(await new PcibackFields(_ports.Wrap()).IsPermissiveAsync(host.Card, default));
    }

    [Fact]
    public async Task An_undo_grants_no_more_than_there_was()
    {
        await using SimulatedHost host = Host("lab", BindFails);
        await host.AddAsync();
        IReadOnlyList<string> before = host.Footprint();
        await Assert.ThrowsAsync<ChangeFailedException>(() => host.GiveBackAsync());
        Assert.Equal(before, host.Footprint());
        Assert.False((await host.Session.Pci.GetAsync(host.Card, default)).IsPermissive);

        await using SimulatedHost fields = Host("lab", BindFails);
        await fields.AddAsync();
        await AddFieldAsync(fields, "7c:2:0");
        await Assert.ThrowsAsync<ChangeFailedException>(() => fields.GiveBackAsync());
        Assert.False((await fields.Session.Pci.GetAsync(fields.Card, default)).IsPermissive);
        Assert.Single(await KnownAsync(fields));
    }

    [Fact]
    public async Task What_the_kernels_own_list_cannot_tell_is_said()
    {
        await using SimulatedHost host = Host("lab");
        Told told = new();
        await host.AddAsync();
        Assert.NotEmpty(await host.Session.HeardBy(told).Quirks.ListFromKernelAsync(default));
        Assert.Empty(told.Warnings);

        _ports!.Read = path => path == KernelAccess.Quirks ? new string('x', 4095) : null;
        Assert.Empty(await host.Session.HeardBy(told).Quirks.ListFromKernelAsync(default));
        Assert.Collection(
            told.Warnings,
            text => Assert.Contains("fills its page", text, StringComparison.Ordinal),
            text => Assert.Contains($"does not show {host.Card}", text, StringComparison.Ordinal));

        await using SimulatedHost without = Host("lab", "no-pciback");
        Assert.Empty(await without.Session.Quirks.ListFromKernelAsync(default));
    }

    [Theory]
    [InlineData(0x3f, true)]
    [InlineData(0x40, false)]
    public void What_is_of_the_header_is_known(int register, bool isHeader)
    {
        PciQuirk quirk = new()
        {
            Dom0 = "dom0",
            Address = s_equal,
            Register = register,
            Size = 1,
            Mask = 0,
            Source = PciQuirkSource.Kernel,
        };
        Assert.Equal(isHeader, quirk.IsHeader);
    }

    [Fact]
    public async Task Without_xenstored_what_the_script_wrote_down_is_known()
    {
        await using SimulatedHost host = Host("lab");
        await host.AddAsync();
        string inode = host.Dom0.Run(["stat", "-c", "%i", $"{Pciback}{host.Card}"]).StandardOutput.Trim();
        host.Dom0.Machine.Files.Put($"/run/xen-pci-policy/{host.Card}", $"{inode}\n00000078:4:00000000\n");
        Dom0 real = host.Session.Dom0;
        Dom0 dom0 = new(
            "dom0", real.Files, real.Commands, real.XenStoreTransport,
            (_, _) => throw new XenDriverDomainException(
                ErrorIds.XenStoreUnavailable, ErrorKind.NotInstalled, "No xenstored.", "Start it."),
            real.Time);

        Assert.Equal(0x78, Assert.Single(await new PciQuirks(dom0, new PciInventory(dom0)).ListAsync(default)).Register);
    }

    private SimulatedHost Host(string name, params string[] faults) => new(
        name == "lab" ? LabHost.Create() : DefaultHost.Create(), dom0 => (_ports = new HookedPorts(dom0)).Wrap(), faults);

    private SimulatedHost WithoutSystemd(params string[] faults)
    {
        SimulatedHost host = Host("lab", faults);
        host.Dom0.Machine.Files.Remove("/run/systemd/system");
        host.Dom0.Machine.Files.MakeDirectory("/etc/init.d");
        return host;
    }

    private static Task<PlannedChange<IReadOnlyList<PciPolicyEntry>>> PlanAsync(SimulatedHost host, params string[] rules) =>
        host.Session.Policies.PlanSetAsync([.. rules.Select(PciPolicyRule.Parse)], default);

    private static Task<IReadOnlyList<PciPolicyEntry>> SetAsync(SimulatedHost host, params string[] rules) =>
        host.RunAsync(PlanAsync(host, rules));

    private static Task<IReadOnlyList<PciQuirk>> AddFieldAsync(SimulatedHost host, string field, PciAddress? address = null) =>
        host.RunAsync(host.Session.Quirks.PlanAddAsync(address ?? host.Card, PciConfigField.Parse(field), default));

    private static async Task<string[]> KnownAsync(SimulatedHost host) =>
        [.. (await host.Session.Quirks.ListAsync(default)).Select(one => $"{one} {one.Source}")];
}
