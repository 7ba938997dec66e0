using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Errors;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Network;
using XenDriverDomain.Reporting;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Reading;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// Clients that lost their driver domain by a failure, a stop or somebody else's hand: who tells it, and how they come back.
/// </summary>
public sealed class CutOffClientsTests
{
    private const string Records = "/local/domain/0/xendriverdomain/clients";
    private static readonly DomainRef s_netdd = DomainRef.Parse("netdd");

    [Theory]
    [InlineData("xl:create:3:fail", ErrorIds.DomainCreateFailed)]
    [InlineData("xl:create:3:hang", ErrorIds.HostCommandTimedOut)]
    [InlineData("xl:create:3:die", ErrorIds.DomainCreateFailed)]
    [InlineData("xl:network-attach:2:fail", ErrorIds.DriverDomainClientsNotReconnected)]
    public async Task A_restart_that_fails_says_who_is_cut_off_and_the_next_one_mends_it(string fault, string errorId)
    {
        await using SimulatedHost host = new("lab", fault);
        await host.ServeAsync();
        GuestVif before = Assert.Single(await host.VifsAsync());
        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(() => host.RestartAsync());
        Assert.Equal(errorId, failed.ErrorId);
        Assert.DoesNotContain("Everything done before was undone", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Cut off, and recorded", failed.Message, StringComparison.Ordinal);
        Assert.Contains($"fe1 vif {before.Devid} ({before.Mac})", failed.Message, StringComparison.Ordinal);

        GuestVif lost = Assert.Single(await host.VifsAsync());
        Assert.Equal(VifStatus.CutOff, lost.Status);
        Assert.Equal("netdd", lost.Backend);
        Assert.Equal(
            [$"fe1 vif {before.Devid} ({before.Mac})"],
            Assert.Single(await host.Session.DriverDomains.ListAsync(default)).PendingClient);

        await host.RestartAsync();
        await RequireBackAsync(host, before);
    }

    [Fact]
    public async Task A_driver_domain_that_cannot_shut_down_keeps_its_clients_and_nothing_stays_recorded()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        GuestVif before = Assert.Single(await host.VifsAsync());
        Assert.Equal(0, (await host.XlAsync("pause", "netdd")).ExitCode);
        PlannedChange<DriverDomain> change = await host.Session.DriverDomains.PlanRestartAsync(
            s_netdd, new StopOptions { Timeout = TimeSpan.FromSeconds(5) }, new StartOptions(), default);
        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(
            () => change.Plan.RunAsync(host.Session.Hand, default));
        Assert.Equal(ErrorIds.DomainPaused, failed.ErrorId);

        // A paused domain takes nobody back, so the client is named and comes back later.
        Assert.Contains($"({before.Mac})", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await host.XlAsync("unpause", "netdd")).ExitCode);
        await host.RestartAsync();
        await RequireBackAsync(host, before);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("restart")]
    public async Task A_client_of_a_driver_domain_that_was_destroyed_comes_back_with_it(string command)
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        GuestVif before = Assert.Single(await host.VifsAsync());
        Assert.Equal(0, (await host.XlAsync("destroy", "netdd")).ExitCode);
        Assert.Contains("Start-XenDriverDomain", Assert.Single(await host.VifsAsync()).Remedy, StringComparison.Ordinal);
        Assert.Single(Assert.Single(await host.Session.DriverDomains.ListAsync(default)).PendingClient);
        await (command == "start" ? host.StartAsync() : host.RestartAsync());
        await RequireBackAsync(host, before);
    }

    [Fact]
    public async Task One_that_xl_cannot_be_given_keeps_no_other_one_away()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        GuestVif good = Assert.Single(await host.VifsAsync());
        Assert.Equal(0, (await host.XlAsync("network-attach", "fe1", "backend=netdd", "bridge=xenbr0")).ExitCode);
        GuestVif bad = Assert.Single(await host.VifsAsync(), vif => vif.Devid != good.Devid);
        host.Dom0.Store.Write(0, $"/libxl/{bad.GuestDomid}/device/vif/{bad.Devid}/vifname", "a/b");
        Assert.Equal(0, (await host.XlAsync("destroy", "netdd")).ExitCode);

        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(() => host.StartAsync());

        Assert.Equal(ErrorIds.DriverDomainClientsNotReconnected, failed.ErrorId);
        Assert.Contains($"({bad.Mac})", failed.Message, StringComparison.Ordinal);
        Assert.Contains("1 of 2 vifs", failed.Message, StringComparison.Ordinal);
        Assert.Equal(VifStatus.Connected, Assert.Single(await host.VifsAsync(), vif => vif.Mac == good.Mac).Status);
    }

    [Fact]
    public async Task What_takes_a_plan_back_drops_no_record_of_one_that_is_cut_off()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        PlannedChange<DriverDomain> change = await host.Session.DriverDomains.PlanRestartAsync(
            s_netdd, new StopOptions(), new StartOptions(), default);

        string undo = change.Plan.UndoToShell();

        int dropping = undo.IndexOf($"xenstore-rm -t {Records}", StringComparison.Ordinal);
        Assert.True(dropping > 0);
        string guard = undo[..dropping].Split('\n')[^2];
        Assert.StartsWith("if ", guard, StringComparison.Ordinal);
        Assert.Contains("/mac", guard, StringComparison.Ordinal);
        Assert.Contains("xenstore-exists /local/domain/", guard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orphan_of_a_domain_that_nobody_knows_is_named_with_the_command_that_brings_it_back()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await host.StartClientAsync();
        host.Dom0.WriteFile(
            "/root/dd.cfg",
            "name = \"other\"\nkernel = \"/root/vmlinuz\"\nramdisk = \"/root/guest.gz\"\nextra = \"role=dd\"\nmemory = 384\n"
                + "pci = [ \"00:10.0\" ]\n");
        Assert.Equal(0, (await host.XlAsync("create", "/root/dd.cfg")).ExitCode);
        await Task.Delay(TimeSpan.FromSeconds(20), host.Dom0.Time);
        Assert.Equal(0, (await host.XlAsync("network-attach", "fe1", "backend=other", "bridge=xenbr0")).ExitCode);
        Assert.Equal(0, (await host.XlAsync("destroy", "other")).ExitCode);

        Told told = new();
        PlannedChange<DriverDomain> change = await host.Session.HeardBy(told).DriverDomains.PlanNewAsync(
            new NewDriverDomainRequest
            {
                Name = "netdd",
                PciDevice = [host.Card],
                MemoryMB = 384,
                Kernel = "/root/vmlinuz",
                Start = new StartOptions(),
            },
            default);
        Assert.DoesNotContain(change.Plan.Steps, step => step.Description.StartsWith("Connect", StringComparison.Ordinal));
        Assert.Contains(
            told.Warnings,
            w => w.Contains("Get-XenGuestVif fe1 -Status Orphaned | Connect-XenGuestVif -Backend netdd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_is_never_applied_to_another_guest_with_the_same_domid_and_dropped_with_its_guest()
    {
        await using SimulatedHost host = new("lab", "xl:create:3:fail");
        await host.ServeAsync();
        await Assert.ThrowsAsync<ChangeFailedException>(() => host.RestartAsync());
        int domid = Assert.Single(await host.VifsAsync()).GuestDomid;

        // The guest's number goes to another one.
        string vm = host.Dom0.Store.Read(0, $"/local/domain/{domid}/vm")!;
        host.Dom0.Store.Write(0, $"/local/domain/{domid}/vm", "/vm/00000000-0000-0000-0000-00000000beef");
        Assert.Empty(await host.VifsAsync());
        Assert.Empty(Assert.Single(await host.Session.DriverDomains.ListAsync(default)).PendingClient);
        await host.StartAsync();
        Assert.Empty(await host.VifsAsync());
        Assert.Null(host.Dom0.Store.List(0, Records));
        Assert.NotEqual(vm, host.Dom0.Store.Read(0, $"/local/domain/{domid}/vm"));
    }

    [Fact]
    public async Task What_is_recorded_can_be_dropped_by_disconnecting_it()
    {
        await using SimulatedHost host = new("lab", "xl:create:3:fail");
        await host.ServeAsync();
        await Assert.ThrowsAsync<ChangeFailedException>(() => host.RestartAsync());
        await host.DisconnectAsync();
        Assert.Empty(await host.VifsAsync());
        Assert.Null(host.Dom0.Store.List(0, Records));
        await host.StartAsync();
        Assert.Empty(await host.VifsAsync());
    }

    [Fact]
    public async Task A_vif_that_is_cut_off_is_a_broken_link_to_its_driver_domain_in_the_topology()
    {
        await using SimulatedHost host = new("lab", "xl:create:3:fail");
        await host.ServeAsync();
        await Assert.ThrowsAsync<ChangeFailedException>(() => host.RestartAsync());
        TopologyLink link = Assert.Single(
            (await TopologyReader.ReadAsync(host.Session, default)).Links, l => l.Kind == TopologyLinkKind.Vif);
        Assert.Equal(TopologyLinkState.Broken, link.State);
        Assert.Equal("netdd", link.FromName);
        Assert.Contains("cut off from netdd", link.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_guest_can_read_what_is_recorded()
    {
        await using SimulatedHost host = new("lab", "xl:create:3:fail");
        await host.ServeAsync();
        await Assert.ThrowsAsync<ChangeFailedException>(() => host.RestartAsync());
        int guest = Assert.Single(await host.VifsAsync()).GuestDomid;
        string[] nodes = [.. host.Tree().Select(l => l.Split(" = ")[0])
            .Where(p => p.StartsWith("/local/domain/0/xendriverdomain", StringComparison.Ordinal))];
        Assert.True(nodes.Length > 5);
        Assert.All(nodes, node => Assert.Equal(
            "EACCES", Assert.Throws<XenDriverDomain.XenStore.XenStoreException>(() => host.Dom0.Store.Read(guest, node)).Error));
    }

    [Fact]
    public async Task A_start_goes_on_for_the_others_when_one_client_does_not_come_back()
    {
        await using SimulatedHost host = new("lab", "xl:network-attach:3:fail");
        await host.ServeAsync();
        await ConnectAsync(host, new ConnectVifRequest { Guest = DomainRef.Parse("fe1"), Backend = s_netdd, Additional = true });
        GuestVif[] before = [.. await host.VifsAsync()];
        Assert.Equal(0, (await host.XlAsync("destroy", "netdd")).ExitCode);
        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(host.StartAsync);
        Assert.Contains("Done and kept: ", failed.Message, StringComparison.Ordinal);
        Assert.Equal([VifStatus.CutOff, VifStatus.Connected], (await host.VifsAsync()).Select(v => v.Status));
        await host.StartAsync();
        Assert.Equal(before.Select(v => v.Mac), (await host.VifsAsync()).Select(v => v.Mac));
        Assert.All(await host.VifsAsync(), v => Assert.Equal(VifStatus.Connected, v.Status));
    }

    [Fact]
    public async Task Connecting_again_what_is_connected_changes_nothing_and_another_wants_to_be_asked_for()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        ConnectVifRequest same = new() { Guest = DomainRef.Parse("fe1"), Backend = s_netdd };
        GuestVif only = Assert.Single(await host.VifsAsync());
        PlannedChange<GuestVif?> change = await PlanAsync(host, same);
        Assert.True(change.Plan.IsEmpty);
        Assert.Equal(only.Mac, (await change.ReadBackAsync(default))!.Mac);
        Assert.True(
            (await PlanAsync(
                host, same with { Mac = only.Mac, Devid = only.Devid, Bridge = "xenbr0", Script = "vif-bridge" })).Plan.IsEmpty);

        foreach (ConnectVifRequest other in (ConnectVifRequest[])
            [
                same with { Mtu = 1400 }, same with { Mac = only.Mac, Devid = 7 }, same with { Rate = "1MB/s" },
                same with { VifName = "web" },
            ])
        {
            Assert.Equal(ErrorIds.VifAlreadyConnected, (await SimulatedHost.ErrorOfAsync(() => PlanAsync(host, other))).ErrorId);
        }

        Assert.Equal(
            ErrorIds.VifAlreadyConnected,
            (await SimulatedHost.ErrorOfAsync(() => PlanAsync(host, same with { Additional = true, Devid = only.Devid }))).ErrorId);
        await ConnectAsync(host, same with { Additional = true });
        Assert.Equal(2, (await host.VifsAsync()).Count);
        await ConnectAsync(host, same with { Mac = MacAddress.Parse("00:16:3e:00:00:09") });
        Assert.Equal(3, (await host.VifsAsync()).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_orphan_that_is_connected_anew_is_replaced_and_keeps_all_that_it_had(bool piped)
    {
        await using SimulatedHost host = new();
        await host.StartClientAsync();
        await host.AddAsync();
        await host.NewAsync();
        await ConnectAsync(host, new ConnectVifRequest
        {
            Guest = DomainRef.Parse("fe1"),
            Backend = s_netdd,
            Devid = 2,
            Mtu = 1400,
            Rate = "500Kb/s@20ms",
            VifName = "web",
        });
        GuestVif before = Assert.Single(await host.VifsAsync());
        Assert.Equal(0, (await host.XlAsync("destroy", "netdd")).ExitCode);
        Assert.Equal(0, (await host.XlAsync("create", "/etc/xen/driver-domains/netdd.cfg")).ExitCode);
        await Task.Delay(TimeSpan.FromSeconds(20), host.Dom0.Time);
        GuestVif orphan = Assert.Single(await host.VifsAsync());
        Assert.Equal(VifStatus.Orphaned, orphan.Status);
        ConnectVifRequest again = new() { Guest = DomainRef.Parse("fe1"), Backend = s_netdd };
        await ConnectAsync(host, piped
            ? again with
            {
                Mac = orphan.Mac,
                Devid = orphan.Devid,
                Bridge = orphan.Bridge,
                Script = orphan.Script,
                Rate = orphan.Rate,
                Mtu = orphan.Mtu,
                VifName = orphan.VifName,
            }
            : again);
        await RequireBackAsync(host, before);
    }

    [Fact]
    public async Task A_replacement_that_fails_leaves_the_vif_recorded_and_says_so()
    {
        await using SimulatedHost host = new("lab", "xl:network-attach:2:fail=1 busy");
        await host.ServeAsync();
        GuestVif before = Assert.Single(await host.VifsAsync());
        Assert.Equal(0, (await host.XlAsync("destroy", "netdd")).ExitCode);
        Assert.Equal(0, (await host.XlAsync("create", "/etc/xen/driver-domains/netdd.cfg")).ExitCode);
        await Task.Delay(TimeSpan.FromSeconds(20), host.Dom0.Time);
        ConnectVifRequest again = new() { Guest = DomainRef.Parse("fe1"), Backend = s_netdd, Mac = before.Mac };
        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(() => ConnectAsync(host, again));
        Assert.Equal(ErrorIds.VifAttachFailed, failed.ErrorId);
        Assert.Contains("is cut off and stays recorded", failed.Message, StringComparison.Ordinal);
        Assert.Equal(VifStatus.CutOff, Assert.Single(await host.VifsAsync()).Status);
        await ConnectAsync(host, again);
        await RequireBackAsync(host, before);
    }

    [Fact]
    public async Task A_vif_that_another_domain_backs_is_not_taken_from_it()
    {
        await using SimulatedHost host = new("default");
        await host.ServeAsync();
        GuestVif vif = Assert.Single(await host.VifsAsync());
        Assert.Equal(
            ErrorIds.VifMacInUse,
            (await SimulatedHost.ErrorOfAsync(() => PlanAsync(
                host, new ConnectVifRequest { Guest = DomainRef.Parse("fe1"), Backend = DomainRef.FromDomid(0), Mac = vif.Mac }))).ErrorId);
    }

    [Fact]
    public async Task A_file_that_could_not_be_written_is_as_it_was_and_nothing_is_called_not_undone()
    {
        await using SimulatedHost host = new("lab", "write:/root/client.cfg:ENOSPC");
        await host.AddAsync();
        await host.StartClientAsync();
        await host.NewAsync();
        string before = host.Dom0.Machine.Files.Text("/root/client.cfg")!;
        ChangeFailedException failed = await Assert.ThrowsAsync<ChangeFailedException>(() => ConnectAsync(
            host, new ConnectVifRequest { Guest = DomainRef.Parse("fe1"), Backend = s_netdd, ConfigPath = "/root/client.cfg" }));
        Assert.DoesNotContain("NOT undone", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing had been changed before it", failed.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.Dom0.Machine.Files.Text("/root/client.cfg"));
    }

    [Fact]
    public async Task A_command_on_a_file_alone_can_be_repeated()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        ConnectVifRequest request = new() { Backend = s_netdd, ConfigPath = "/root/client.cfg" };
        await ConnectAsync(host, request with { Guest = DomainRef.Parse("fe1") });
        string once = host.Dom0.Machine.Files.Text("/root/client.cfg")!;
        Assert.Contains(Assert.Single(await host.VifsAsync()).Mac.ToString()!, once, StringComparison.Ordinal);
        Assert.True((await PlanAsync(host, request)).Plan.IsEmpty);
        await ConnectAsync(host, request with { Additional = true });
        Assert.NotEqual(once, host.Dom0.Machine.Files.Text("/root/client.cfg"));
    }

    private static async Task RequireBackAsync(SimulatedHost host, GuestVif before)
    {
        GuestVif now = Assert.Single(await host.VifsAsync());
        Assert.Equal(VifStatus.Connected, now.Status);
        Assert.Equal(
            (before.Devid, before.Mac, before.Bridge, before.Script, before.Rate, before.Mtu, before.VifName),
            (now.Devid, now.Mac, now.Bridge, now.Script, now.Rate, now.Mtu, now.VifName));
        Assert.NotEqual(before.BackendDomid, now.BackendDomid);
        Assert.Null(host.Dom0.Store.List(0, Records));
        await host.WaitForTrafficAsync();
    }

    private static Task<PlannedChange<GuestVif?>> PlanAsync(SimulatedHost host, ConnectVifRequest request) =>
        host.Session.Vifs.PlanConnectAsync(request, default);

    private static async Task ConnectAsync(SimulatedHost host, ConnectVifRequest request) => await host.RunAsync(PlanAsync(host, request));
}
