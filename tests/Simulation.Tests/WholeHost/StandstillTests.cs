using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Guests;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Reporting;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Reading;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// Domains that are there and do nothing: xenstore looks as before (as on the lab), and yet nobody is told that they serve.
/// </summary>
public sealed class StandstillTests
{
    [Theory]
    [InlineData("lab")]
    [InlineData("default")]
    public async Task APausedDriverDomainServesNobodyUntilItGoesOn(string name)
    {
        await using SimulatedHost host = new(name);
        await host.ServeAsync();
        Assert.Equal(ReadinessState.Serving, (await DriverDomainAsync(host)).Readiness);
        Assert.All((await TopologyAsync(host)).Links, link => Assert.Equal(TopologyLinkState.Healthy, link.State));

        Assert.Equal(0, (await host.XlAsync("pause", "netdd")).ExitCode);

        DriverDomain paused = await DriverDomainAsync(host);
        Assert.Equal((DomainState.Paused, ReadinessState.Paused), (paused.State, paused.Readiness));
        Assert.Contains("xl unpause netdd", paused.ReadinessDetail, StringComparison.Ordinal);
        GuestVif vif = Assert.Single(await host.VifsAsync());
        Assert.Equal((VifStatus.Failed, ErrorIds.VifBackendPaused), (vif.Status, vif.ErrorId));
        Assert.Equal((XenbusState.Connected, XenbusState.Connected, "connected"), (vif.FrontendState, vif.BackendState, vif.HotplugStatus));
        Assert.All((await TopologyAsync(host)).Links, link => Assert.Equal(TopologyLinkState.Broken, link.State));
        await Task.Delay(TimeSpan.FromSeconds(2), host.Dom0.Time);
        Assert.Equal("none", await TrafficAsync(host));

        Assert.Equal(0, (await host.XlAsync("unpause", "netdd")).ExitCode);

        await host.WaitForTrafficAsync();
        Assert.Equal(ReadinessState.Serving, (await DriverDomainAsync(host)).Readiness);
        Assert.Equal(VifStatus.Connected, Assert.Single(await host.VifsAsync()).Status);
        Assert.All((await TopologyAsync(host)).Links, link => Assert.Equal(TopologyLinkState.Healthy, link.State));
    }

    [Fact]
    public async Task APausedGuestIsNotConnectedAndItsDriverDomainIsNotBlamed()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();

        await host.XlAsync("pause", "fe1");

        GuestVif vif = Assert.Single(await host.VifsAsync());
        Assert.Equal((VifStatus.Waiting, ErrorIds.VifGuestPaused), (vif.Status, vif.ErrorId));
        Assert.Equal(
            [TopologyLinkState.Healthy, TopologyLinkState.Healthy, TopologyLinkState.Waiting],
            (await TopologyAsync(host)).Links.Select(link => link.State));
    }

    [Fact]
    public async Task AGuestThatShutDownAndIsKeptIsTold()
    {
        await using SimulatedHost host = new();
        host.Dom0.WriteFile("/root/client.cfg", host.Dom0.Machine.Files.Text("/root/client.cfg") + "\non_poweroff = \"preserve\"\n");
        await host.ServeAsync();

        await host.XlAsync("shutdown", "-w", "fe1");

        Assert.Equal(ErrorIds.VifGuestStopped, Assert.Single(await host.VifsAsync()).ErrorId);
    }

    [Fact]
    public async Task AWaitForAPausedDriverDomainEndsAtOnceAndSaysHowToGoOn()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await host.NewAsync();
        await host.XlAsync("pause", "netdd");
        TimeSpan begun = host.Dom0.Time.Elapsed;

        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(host.StartAsync);

        Assert.Equal(ErrorIds.DomainPaused, error.ErrorId);
        Assert.Contains("xl unpause netdd", error.Remedy, StringComparison.Ordinal);
        Assert.True(host.Dom0.Time.Elapsed - begun < TimeSpan.FromSeconds(20), $"it took {host.Dom0.Time.Elapsed - begun}");
        Assert.Equal(DomainState.Paused, (await DriverDomainAsync(host)).State);

        await host.XlAsync("unpause", "netdd");
        Assert.Equal(ReadinessState.Serving, (await host.StartAsync()).Readiness);
    }

    [Fact]
    public async Task ADriverDomainThatCrashesAndIsKeptIsNotWaitedFor()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await host.Dom0.RunAsync("mkdir", "-p", "/etc/xen/driver-domains");
        host.Dom0.WriteFile(
            "/etc/xen/driver-domains/netdd.cfg",
            "name = \"netdd\"\nkernel = \"/root/vmlinuz\"\nextra = \"role=dd rdinit=/nope\"\nmemory = 128\ndriver_domain = 1\n"
            + "on_crash = \"preserve\"\npci = [ \"00:10.0\" ]\n");
        DriverDomain crashed = await host.RunAsync(
            host.Session.DriverDomains.PlanStartAsync("netdd", new StartOptions { NoWait = true }, default));
        TimeSpan begun = host.Dom0.Time.Elapsed;

        int ended = 0;
        using IDisposable watch = host.Dom0.Store.Watch("@releaseDomain", _ => Interlocked.Increment(ref ended));

        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(host.StartAsync);

        // A watch fires once at once; then xenstored tells of the crash, although the domain stays.
        Assert.Equal(2, ended);
        Assert.Equal(ErrorIds.DriverDomainDied, error.ErrorId);
        Assert.Contains("netdd has crashed and is kept", error.Message, StringComparison.Ordinal);
        Assert.True(host.Dom0.Time.Elapsed - begun < TimeSpan.FromSeconds(30), $"it took {host.Dom0.Time.Elapsed - begun}");
        DriverDomain kept = await DriverDomainAsync(host);
        Assert.Equal((DomainState.Crashed, ReadinessState.NotRunning, crashed.Domid), (kept.State, kept.Readiness, kept.Domid));
        Assert.Contains("has crashed", kept.ReadinessDetail, StringComparison.Ordinal);

        // A crashed one has nothing to lose.
        await host.StopDriverDomainAsync();
        Assert.Null((await DriverDomainAsync(host)).Domid);
    }

    [Fact]
    public async Task AVifIsNotConnectedToAPausedDriverDomain()
    {
        await using SimulatedHost host = new();
        await host.StartClientAsync();
        await host.AddAsync();
        await host.NewAsync();
        await host.XlAsync("pause", "netdd");

        Assert.Equal(ErrorIds.VifBackendPaused, (await SimulatedHost.ErrorOfAsync(() => host.ConnectAsync())).ErrorId);

        Assert.Empty(await host.VifsAsync());
    }

    [Fact]
    public async Task AGuestIsNotStartedOnAPausedDriverDomain()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        await host.NewAsync();
        await host.XlAsync("pause", "netdd");
        host.Dom0.WriteFile(
            "/root/web.cfg", "name = \"web\"\nkernel = \"/root/vmlinuz\"\nmemory = 128\nvif = [ \"backend=netdd,bridge=xenbr0\" ]\n");
        IReadOnlyList<string> before = host.Footprint();

        XenDriverDomainException error = await SimulatedHost.ErrorOfAsync(() => host.Session.Guests.PlanStartAsync(
            "/root/web.cfg", new GuestStartOptions { NoWait = true }, default));

        Assert.Equal(ErrorIds.DomainPaused, error.ErrorId);
        Assert.Contains("netdd is paused", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.Footprint());
    }

    [Fact]
    public async Task APausedDomainIsNotAskedToShutDownSinceItWouldDoSoWheneverItGoesOn()
    {
        await using SimulatedHost host = new();
        await host.StartClientAsync();
        await host.XlAsync("pause", "fe1");

        Assert.Equal(ErrorIds.DomainPaused, (await SimulatedHost.ErrorOfAsync(host.StopClientAsync)).ErrorId);

        await host.XlAsync("unpause", "fe1");
        await Task.Delay(TimeSpan.FromSeconds(10), host.Dom0.Time);
        Assert.Contains(await host.Session.Guests.ListAsync(default), guest => guest.Name == "fe1");

        await host.XlAsync("pause", "fe1");
        Told told = new();
        PlannedChange<Guest> stop = await host.Session.HeardBy(told).Guests.PlanStopAsync(
            DomainRef.Parse("fe1"), new StopOptions { Force = true }, default);
        await stop.Plan.RunAsync(host.Session.HeardBy(told).Hand, default);
        Assert.Equal("fe1 is paused: it is destroyed.", Assert.Single(told.Warnings));
        Assert.Null((await stop.ReadBackAsync(default)).Domid);
    }

    private static async Task<DriverDomain> DriverDomainAsync(SimulatedHost host) =>
        Assert.Single(await host.Session.DriverDomains.ListAsync(default));

    private static Task<DriverDomainTopology> TopologyAsync(SimulatedHost host) => TopologyReader.ReadAsync(host.Session, default);

    private static async Task<string?> TrafficAsync(SimulatedHost host) =>
        host.Dom0.Store.Read(0, $"/local/domain/{(await host.XlAsync("domid", "fe1")).StandardOutput.Trim()}/data/traffic");
}
