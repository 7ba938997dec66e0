using XenDriverDomain.Assignment;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Tests.WholeHost;

namespace XenDriverDomain.Simulation.Tests.Snapshots;

/// <summary>On a copy, what was going on goes on, and changes work as on the host.</summary>
public sealed class RehearsalTests
{
    private readonly SilentReporter _reporter = new();

    [Fact]
    public async Task A_client_is_served_on_by_its_driver_domain()
    {
        await using SimulatedHost host = await RecordedHost.ServingAsync();
        await using RecordedHost copy = await RecordedHost.OfAsync(host.Session);
        string before = Traffic(copy);
        copy.Dom0.Run("xl list");
        await Task.Delay(TimeSpan.FromSeconds(5), copy.Dom0.Time);
        Assert.StartsWith("ok ", Traffic(copy), StringComparison.Ordinal);
        Assert.NotEqual(before, Traffic(copy));
    }

    [Fact]
    public async Task A_driver_domain_is_restarted_with_its_client_reconnected()
    {
        await using SimulatedHost host = await RecordedHost.ServingAsync();
        await using RecordedHost copy = await RecordedHost.OfAsync(host.Session);
        DriverDomain after = await RunAsync(copy.Session, copy.Session.HeardBy(_reporter).DriverDomains.PlanRestartAsync(
            DomainRef.Parse("netdd"), new StopOptions { Force = true }, new StartOptions(), default));
        Assert.Equal(ReadinessState.Serving, after.Readiness);
        GuestVif vif = Assert.Single(await copy.Session.Vifs.ListAsync(default));
        Assert.Equal(VifStatus.Connected, vif.Status);
    }

    [Fact]
    public async Task All_is_taken_down_and_the_card_returns_to_its_driver()
    {
        await using SimulatedHost host = await RecordedHost.ServingAsync();
        await using RecordedHost copy = await RecordedHost.OfAsync(host.Session);
        HostSession session = copy.Session;
        await RunAsync(session, session.HeardBy(_reporter).Vifs.PlanDisconnectAsync(
            Assert.Single(await session.Vifs.ListAsync(default)), new DisconnectVifOptions(), default));
        await RunAsync(
            session, session.HeardBy(_reporter).DriverDomains.PlanStopAsync(DomainRef.Parse("netdd"), new StopOptions(), default));
        PciDevice card = await RunAsync(
            session, session.HeardBy(_reporter).Assignments.PlanRemoveAsync(host.Card, new RemoveAssignableOptions(), default));
        Assert.Equal((PciDeviceState.Host, "e1000e"), (card.State, card.Driver));
        Assert.NotEmpty(card.UsedBy);
    }

    [Fact]
    public async Task A_card_that_dom0_has_is_hidden_and_given_back()
    {
        await using SimulatedHost host = new();
        await using RecordedHost copy = await RecordedHost.OfAsync(host.Session);
        PciDevice before = await copy.Session.Pci.GetAsync(host.Card, default);
        PciDevice hidden = await RunAsync(
            copy.Session, copy.Session.HeardBy(_reporter).Assignments.PlanAddAsync(host.Card, new AddAssignableOptions(), default));
        Assert.Equal(PciDeviceState.Assignable, hidden.State);
        await RunAsync(
            copy.Session, copy.Session.HeardBy(_reporter).Assignments.PlanRemoveAsync(host.Card, new RemoveAssignableOptions(), default));
        PciDevice after = await copy.Session.Pci.GetAsync(host.Card, default);
        Assert.Equal((before.State, before.Driver, $"{before.Modules}"), (after.State, after.Driver, $"{after.Modules}"));
    }

    [Fact]
    public async Task The_card_with_the_default_route_is_refused_as_on_the_host()
    {
        await using SimulatedHost host = new("default");
        await using RecordedHost copy = await RecordedHost.OfAsync(host.Session);
        XenDriverDomainException refusal = await SimulatedHost.ErrorOfAsync(() => copy.Session.HeardBy(_reporter).Assignments.PlanAddAsync(
            PciAddress.Parse("00:1f.6"), new AddAssignableOptions(), default));
        XenDriverDomainException real = await SimulatedHost.ErrorOfAsync(() => host.Session.HeardBy(_reporter).Assignments.PlanAddAsync(
            PciAddress.Parse("00:1f.6"), new AddAssignableOptions(), default));
        Assert.Equal(real.ErrorId, refusal.ErrorId);
    }

    private static string Traffic(RecordedHost copy)
    {
        IReadOnlyList<string> domains = copy.Dom0.Store.List(0, "/local/domain")!;
        return domains.Select(domid => copy.Dom0.Store.Read(0, $"/local/domain/{domid}/data/traffic")).OfType<string>().Single();
    }

    private async Task<T> RunAsync<T>(HostSession session, Task<PlannedChange<T>> planning)
    {
        PlannedChange<T> change = await planning;
        await change.Plan.RunAsync(session.HeardBy(_reporter).Hand, default);
        return await change.ReadBackAsync(default);
    }
}
