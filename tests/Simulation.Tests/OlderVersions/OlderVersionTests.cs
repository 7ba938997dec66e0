using System.Text;
using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Tests.Snapshots;
using XenDriverDomain.Simulation.Tests.WholeHost;

namespace XenDriverDomain.Simulation.Tests.OlderVersions;

/// <summary>A host that an older version worked on is one that this version goes on with.</summary>
public sealed class OlderVersionTests
{
    private static readonly PciAddress s_uplink = PciAddress.Parse("01:00.0");
    private static readonly PciAddress s_second = PciAddress.Parse("03:00.0");
    private static readonly PciAddress s_card = PciAddress.Parse("00:10.0");

    public static TheoryData<string> Versions => [.. OlderVersion.All];

    public static TheoryData<string, string> Recordings =>
    [
        .. OlderVersion.All.SelectMany(
            version => new OlderVersion(version).Names("snapshots"), (version, name) => (version, Path.GetFileNameWithoutExtension(name))),
    ];

    public static TheoryData<string, string> Configurations =>
    [
        .. OlderVersion.All.SelectMany(
            version => new OlderVersion(version).Names("configurations"), (version, name) => (version, "configurations/" + name)),
        .. OlderVersion.All.Select(version => (version, "at-work/files/etc/xen/driver-domains/netdd.cfg")),
        .. OlderVersion.All.Select(version => (version, "at-work/files/etc/xen/guests/guest.cfg")),
    ];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recording_is_a_host_that_can_be_listed_and_recorded_again(string version, string name)
    {
        await using RecordedHost host = new OlderVersion(version).Host(name);
        Assert.True((await host.Session.Inspector.InspectAsync(default)).HasXenStore);
        Assert.NotEmpty(await host.Session.Pci.ListAsync(default));
        Assert.NotEmpty(await host.Session.Domains.ListAsync(default));
        _ = await host.Session.Guests.ListAsync(default);
        _ = await host.Session.Vifs.ListAsync(default);
        _ = await host.Session.Policies.GetAsync(default);
        _ = await host.Session.Quirks.ListAsync(default);

        await using RecordedHost again = await RecordedHost.OfAsync(host.Session);
        Assert.Equal(
            (await host.Session.Pci.ListAsync(default)).Select(Show), (await again.Session.Pci.ListAsync(default)).Select(Show));
        static string Show(PciDevice device) =>
            $"{device.Address} {device.State} {device.StateAtNextBoot} {device.Driver} {device.OriginalDriver}";
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_recording_shows_what_was_assignable_and_what_the_next_boot_does(string version)
    {
        await using RecordedHost host = new OlderVersion(version).Host("default-at-boot");
        PciDevice card = await host.Session.Pci.GetAsync(s_uplink, default);
        Assert.Equal(
            (PciDeviceState.Assignable, PciNextBootState.Assignable, "uplink", "i40e"),
            (card.State, card.StateAtNextBoot, card.AssignableName, card.OriginalDriver));
        PciDevice second = await host.Session.Pci.GetAsync(s_second, default);
        Assert.Equal((PciDeviceState.Host, PciNextBootState.Assignable), (second.State, second.StateAtNextBoot));

        Assert.Equal(
            "i40e",
            (await RunAsync(
                host.Session, host.Session.Assignments.PlanRemoveAsync(s_uplink, new RemoveAssignableOptions(), default))).Driver);
        IReadOnlyList<PciDevice> back = await RunAsync(
            host.Session, host.Session.AtBoot.PlanRemoveAsync([s_uplink, s_second], new AtBootOptions(), default));
        Assert.All(back, device => Assert.Equal(PciNextBootState.Host, device.StateAtNextBoot));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_host_at_work_is_served_on_and_taken_apart(string version)
    {
        await using RecordedHost host = new OlderVersion(version).Host("lab-at-work");
        HostSession session = host.Session;
        DriverDomain domain = Assert.Single(await session.DriverDomains.ListAsync(default));
        Assert.Equal(
            ("netdd", ReadinessState.Serving, "xenbr0", "/etc/xen/driver-domains/netdd.cfg"),
            (domain.Name, domain.Readiness, domain.Bridge, domain.ConfigPath));
        await AssertServedAsync(session);

        // A new driver domain in the old one's place, from the old one's file, with the clients of the old one.
        await RunAsync(session, session.DriverDomains.PlanRestartAsync(
            DomainRef.Parse("netdd"), new StopOptions { Force = true }, new StartOptions(), default));
        await AssertServedAsync(session);

        foreach (GuestVif vif in await session.Vifs.ListAsync(default))
        {
            await RunAsync(session, session.Vifs.PlanDisconnectAsync(vif, new DisconnectVifOptions(), default));
        }

        await RunAsync(session, session.DriverDomains.PlanStopAsync(DomainRef.Parse("netdd"), new StopOptions(), default));
        await RunAsync(session, session.DriverDomains.PlanRemoveAsync("netdd", new StopOptions(), default));
        Assert.False(host.Dom0.Machine.Files.Exists("/etc/xen/driver-domains/netdd.cfg"));
        foreach (PciAddress address in (PciAddress[])[s_card, PciAddress.Parse("00:15.0")])
        {
            Assert.Equal(
                "e1000e",
                (await RunAsync(session, session.Assignments.PlanRemoveAsync(address, new RemoveAssignableOptions(), default))).Driver);
        }

        Assert.Null(host.Dom0.Store.List(0, "/libxl/pci/0000-00-10-0"));
        Assert.Null(host.Dom0.Store.List(0, "/local/domain/0/xendriverdomain"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_guest_that_was_started_from_an_old_file_is_started_from_it_again(string version)
    {
        await using RecordedHost host = new OlderVersion(version).Host("lab-at-work");
        const string Source = "/etc/xen/guest.conf";
        const string Generated = "/etc/xen/guests/guest.cfg";
        OlderVersion old = new(version);
        host.Dom0.Machine.Files.Put(Source, old.Text("at-work/files" + Source));
        host.Dom0.Machine.Files.Put(Generated, old.Text("at-work/files" + Generated));
        await RunAsync(
            host.Session, host.Session.Guests.PlanStopAsync(DomainRef.Parse("guest"), new StopOptions { Force = true }, default));

        // The file that was generated is one that may be generated again.
        int backend = (await host.Session.Domains.ResolveAsync(DomainRef.Parse("netdd"), default)).Domid;
        GuestStartOptions options = new() { Variables = [KeyValuePair.Create("beid", $"{backend}")] };
        Guest guest = await RunAsync(host.Session, host.Session.Guests.PlanStartAsync(Source, options, default));

        Assert.Equal("guest", guest.Name);
        await AssertServedAsync(host.Session);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_is_hidden_at_boot_by_GRUB_is_taken_back(string version)
    {
        OlderVersion old = new(version);
        const string Defaults = "/etc/default/grub";
        await using SimulatedDom0 dom0 = old.HostWith("at-boot-grub", DefaultHost.Create());
        await using HostSession session = HostSession.Of(dom0.CreateDom0());
        Assert.Equal(
            [(s_uplink, BootLoader.Grub2, null), (s_second, BootLoader.Grub2, (string?)null)],
            (await session.AtBoot.ListAsync(new AtBootOptions(), default)).Select(one => (one.Address!.Value, one.BootLoader, one.Error)));
        Assert.True((await session.AtBoot.PlanAddAsync([s_uplink, s_second], new AtBootOptions(), default)).Plan.IsEmpty);

        // What it kept of the file is that file as it will be.
        string kept = dom0.Machine.Files.Text(Defaults + ".xdd-backup")!;
        IReadOnlyList<PciDevice> devices = await RunAsync(
            session, session.AtBoot.PlanRemoveAsync([s_uplink, s_second], new AtBootOptions(), default));
        Assert.All(devices, device => Assert.Equal(PciNextBootState.Host, device.StateAtNextBoot));
        Assert.Equal(kept, dom0.Machine.Files.Text(Defaults));
        Assert.DoesNotContain("hide", dom0.Machine.Files.Text("/boot/grub/grub.cfg"), StringComparison.Ordinal);
        Assert.Contains("hide", dom0.Machine.Files.Text(Defaults + ".xdd-backup"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_is_hidden_at_boot_by_options_of_the_module_is_taken_back(string version)
    {
        await using SimulatedDom0 dom0 = new OlderVersion(version).HostWith("at-boot-modprobe", DefaultHost.Create());
        await using HostSession session = HostSession.Of(dom0.CreateDom0());
        Assert.True((await session.AtBoot.PlanAddAsync([s_uplink], new AtBootOptions(), default)).Plan.IsEmpty);
        PciDevice device = Assert.Single(await RunAsync(
            session, session.AtBoot.PlanRemoveAsync([s_uplink], new AtBootOptions(), default)));
        Assert.Equal(PciNextBootState.Host, device.StateAtNextBoot);
        Assert.DoesNotContain(
            "hide", dom0.Machine.Files.Text("/etc/modprobe.d/xen-pciback.conf") ?? string.Empty, StringComparison.Ordinal);
        Assert.Empty(await session.AtBoot.ListAsync(new AtBootOptions(), default));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_policy_is_read_kept_with_this_versions_script_and_cleared(string version)
    {
        foreach (string init in (string[])["systemd", "sysvinit"])
        {
            await using SimulatedDom0 dom0 = new OlderVersion(version).HostWith($"policy-{init}", LabHost.Create(), init == "sysvinit");
            await using HostSession session = HostSession.Of(dom0.CreateDom0());
            IReadOnlyList<PciPolicyEntry> entries = await session.Policies.GetAsync(default);
            Assert.Equal(
                [
                    ("permissive 8086:10d3", "uplink"),
                    ("quirk 8086:100e 00000078:4:00000000", "e1000"),
                    ("permissive 0000:00:12.0", "e1000"),
                ],
                entries.Select(entry => (entry.Rule, entry.Name)));

            // The rules and what starts the script are as they are to be; the script itself and udev's rule are this version's afterwards.
            PciPolicyRule[] rules = [.. entries.Select(entry => PciPolicyRule.Parse(entry.Rule) with { Name = entry.Name })];
            Assert.Equal(entries.Select(entry => entry.Rule), (await RunAsync(session, session.Policies.PlanSetAsync(rules, default)))
                .Select(entry => entry.Rule));
            Assert.True((await session.Policies.PlanSetAsync(rules, default)).Plan.IsEmpty);
            foreach (string path in PolicyBootUnit.Files)
            {
                if (dom0.Machine.Files.Text(path) is { } text)
                {
                    Assert.Equal(PolicyBootUnit.ContentOf(path), text);
                }
            }

            await RunAsync(session, session.Policies.PlanSetAsync([], default));
            Assert.DoesNotContain(Left(dom0, "/etc"), path => path.Contains("pci-policy", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_policy_is_cleared_as_it_was_left(string version)
    {
        foreach (string init in (string[])["systemd", "sysvinit"])
        {
            await using SimulatedDom0 dom0 = new OlderVersion(version).HostWith($"policy-{init}", LabHost.Create(), init == "sysvinit");
            await using HostSession session = HostSession.Of(dom0.CreateDom0());
            await RunAsync(session, session.Policies.PlanSetAsync([], default));
            Assert.DoesNotContain(Left(dom0, "/etc"), path => path.Contains("pci-policy", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_configuration_is_read_and_has_nothing_to_mend(string version, string name)
    {
        XenDomainConfig config = DomainConfigImporter.Read(new OlderVersion(version).Text(name), name);
        Assert.Equal(DomainConfigFormat.Xl, config.Format);
        Assert.True(config.IsSound, string.Join('\n', config.Findings));
        Assert.Equal("/root/vmlinuz", config.Kernel);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_driver_domains_file_is_one_of_its_own(string version)
    {
        await using SimulatedDom0 dom0 = new OlderVersion(version).HostWith("at-work", LabHost.Create());
        await using HostSession session = HostSession.Of(dom0.CreateDom0());
        DriverDomainFile file = Assert.Single(await new DriverDomainFiles(session.Dom0.Files).ListAsync(new SilentReporter(), default));
        Assert.Equal(("netdd", "xenbr0", true), (file.Configuration.Name, file.Configuration.Bridge, file.Configuration.IsDriverDomain));
        Assert.Equal(s_card, Assert.Single(file.Configuration.PciDevices).Address);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Who_has_a_function_is_read_of_the_records(string version)
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        Assert.True(host.Dom0.Store.Remove(0, "/libxl/pci"));
        new OlderVersion(version).WriteRecords(host.Dom0, "libxl-records.txt");
        PciDevice card = await host.Session.Pci.GetAsync(s_card, default);
        Assert.Equal(("uplink", "e1000e"), (card.AssignableName, card.OriginalDriver));
        Assert.Equal("e1000e", (await host.GiveBackAsync()).Driver);
        Assert.Null(host.Dom0.Store.List(0, "/libxl/pci/0000-00-10-0"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_a_probe_that_was_killed_left_is_taken_away(string version)
    {
        await using SimulatedHost host = new();
        // The domain of that number is gone, and with it what lay in its part of the tree.
        new OlderVersion(version).WriteRecords(host.Dom0, "probe-records.txt", "/local/domain/0/");
        string left = Assert.Single(host.Dom0.Store.List(0, "/local/domain/0/xendriverdomain/probe")!);
        await host.AddAsync();
        Assert.Equal(ReadinessState.Serving, (await host.NewAsync()).Readiness);
        Assert.DoesNotContain(left, host.Dom0.Store.List(0, "/local/domain/0/xendriverdomain/probe") ?? []);
    }

    private static async Task AssertServedAsync(HostSession session)
    {
        Assert.Equal(
            [("fe1", "netdd", VifStatus.Connected), ("guest", "netdd", VifStatus.Connected)],
            (await session.Vifs.ListAsync(default)).Select(vif => (vif.Guest, vif.Backend, vif.Status)).Order());
    }

    private static async Task<T> RunAsync<T>(HostSession session, Task<PlannedChange<T>> planning)
    {
        PlannedChange<T> change = await planning;
        await change.Plan.RunAsync(session.Hand, default);
        return await change.ReadBackAsync(default);
    }

    private static IEnumerable<string> Left(SimulatedDom0 dom0, string folder) => dom0.Machine.Files.Names(folder)
        .Select(name => $"{folder}/{name}")
        .SelectMany(path => Left(dom0, path).Prepend(path));
}
