using XenDriverDomain.Tests.DriverDomains;
using XenDriverDomain.Topology;
using XenDriverDomain.Topology.Reading;
using XenDriverDomain.Topology.Writers;

namespace XenDriverDomain.Tests.Topology;

/// <summary>That what the services of a host say fits together.</summary>
public sealed class TopologyReaderTests : IAsyncDisposable
{
    private readonly DriverDomainHost _host = new();
    private readonly int _backend;

    public TopologyReaderTests()
    {
        _backend = _host.Run("netdd", true, "0000:00:10.0", words: "netback=0 devd=0");
        _host.PutVif(_host.Run("fe1", words: "role=none"), 0, _backend);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_chain_is_found_and_its_missing_driver_is_told()
    {
        DriverDomainTopology topology = await ReadAsync();

        Assert.Equal(
            ["0000:00:10.0 -> netdd (PCI): Healthy", "netdd -> xenbr0 (bridge): Waiting", "xenbr0 -> fe1 (vif 0): Waiting"],
            topology.Links.Select(l => l.ToString()));
        Assert.Contains("No back-end driver in netdd", topology.Links[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_lists_know_of_domains_cards_and_interfaces_is_in_it_with_the_time()
    {
        DateTime before = _host.Session.Dom0.Time.GetUtcNow().UtcDateTime;

        DriverDomainTopology topology = await ReadAsync();

        Assert.Equal(DateTimeKind.Utc, topology.ReadAt!.Value.Kind);
        Assert.InRange(topology.ReadAt.Value, before.AddSeconds(-1), _host.Session.Dom0.Time.GetUtcNow().UtcDateTime);
        TopologyNode Named(TopologyNodeKind kind) => topology.Nodes.Single(n => n.Kind == kind);
        Assert.Equal("pciback", Named(TopologyNodeKind.Device).Driver);
        Assert.All([Named(TopologyNodeKind.DriverDomain), Named(TopologyNodeKind.Guest)], domain =>
        {
            Assert.True(domain.MemoryMB > 0 && domain.Vcpus > 0, $"{domain.MemoryMB} {domain.Vcpus}");
            Assert.NotNull(domain.Type);
            Assert.NotNull(domain.State);
        });
        TopologyLink vif = topology.Links[^1];
        Assert.Matches("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", vif.Mac);
        Assert.Equal(Errors.ErrorIds.VifNoBackendDriver, vif.ErrorId);
        Assert.StartsWith("Load xen-netback in netdd", vif.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bridge_that_the_hotplug_script_missed_is_broken()
    {
        string back = $"/local/domain/{_backend}/backend/vif/{_backend + 1}/0";
        _host.Store[$"{back}/hotplug-status"] = "error";
        _host.Store[$"{back}/hotplug-error"] = "Could not find bridge device xenbr0";

        DriverDomainTopology topology = await ReadAsync();

        Assert.Equal(TopologyLinkState.Broken, topology.Links.Single(l => l.Kind == TopologyLinkKind.Bridge).State);
    }

    [Fact]
    public async Task A_driver_domain_that_is_paused_leaves_no_link_healthy()
    {
        string back = $"/local/domain/{_backend}/backend/vif/{_backend + 1}/0";
        _host.Store[$"{back}/hotplug-status"] = "connected";
        _host.Store[$"{back}/state"] = "4";
        _host.Store[$"/local/domain/{_backend + 1}/device/vif/0/state"] = "4";
        Assert.All((await ReadAsync()).Links, link => Assert.Equal(TopologyLinkState.Healthy, link.State));

        _host.Xl("pause", $"{_backend}");

        DriverDomainTopology topology = await ReadAsync();
        Assert.All(topology.Links, link => Assert.Equal(TopologyLinkState.Broken, link.State));
        Assert.All(topology.Links, link => Assert.Contains("netdd is paused", link.Detail, StringComparison.Ordinal));
        Assert.All(topology.Links, link => Assert.Contains("xl unpause netdd", link.Remedy, StringComparison.Ordinal));
        foreach (TopologyFormat format in Enum.GetValues<TopologyFormat>())
        {
            Assert.Contains("paused", TopologyDocument.Write([topology], format), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task When_the_driver_domain_dies_its_client_is_an_orphan()
    {
        _host.Kill(_backend);

        DriverDomainTopology topology = await ReadAsync();

        Assert.Equal([$"domid {_backend} -> fe1 (vif 0): Broken"], topology.Links.Select(l => l.ToString()));
    }

    private Task<DriverDomainTopology> ReadAsync() =>
        TopologyReader.ReadAsync(_host.Session, CancellationToken.None);
}
