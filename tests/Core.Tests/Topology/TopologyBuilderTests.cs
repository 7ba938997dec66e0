using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Topology;

namespace XenDriverDomain.Tests.Topology;

public class TopologyBuilderTests
{
    private const string Nic = "0000:03:00.0";

    private static TopologyHost Netdd => new TopologyHost().Device(Nic, domid: 3, domain: "netdd").DriverDomain("netdd", 3, devices: Nic);

    [Fact]
    public void A_serving_chain_is_healthy_from_the_device_to_the_guest()
    {
        DriverDomainTopology topology = Netdd.Guest("web1", 5).Vif("web1", 5, 0, "netdd", 3).Topology;

        Assert.Equal(
            ["Device 0000:03:00.0", "DriverDomain netdd", "Bridge xenbr0", "Guest web1"], topology.Nodes.Select(n => n.ToString()));
        Assert.Equal(
            ["0000:03:00.0 -> netdd (PCI): Healthy", "netdd -> xenbr0 (bridge): Healthy", "xenbr0 -> web1 (vif 0): Healthy"],
            topology.Links.Select(l => l.ToString()));
    }

    [Theory]
    [InlineData(VifStatus.Waiting, null, TopologyLinkState.Waiting, TopologyLinkState.Waiting)]
    [InlineData(VifStatus.Failed, ErrorIds.VifClosed, TopologyLinkState.Broken, TopologyLinkState.Waiting)]
    [InlineData(VifStatus.Failed, ErrorIds.VifBridgeNotFound, TopologyLinkState.Broken, TopologyLinkState.Broken)]
    public void A_bridge_is_as_its_interfaces_prove(VifStatus status, string? error, TopologyLinkState vif, TopologyLinkState bridge)
    {
        DriverDomainTopology topology = Netdd.Guest("web1", 5)
            .Vif("web1", 5, 0, "netdd", 3, status, detail: "said so", error: error).Topology;

        Assert.Equal((vif, "said so"), Of(topology, "web1"));
        Assert.Equal(bridge, Of(topology, "xenbr0").State);
    }

    [Fact]
    public void One_connected_interface_proves_the_bridge_although_another_one_missed_it()
    {
        DriverDomainTopology topology = Netdd.Guest("web1", 5)
            .Vif("web1", 5, 0, "netdd", 3)
            .Vif("web1", 5, 1, "netdd", 3, VifStatus.Failed, error: ErrorIds.VifBridgeNotFound).Topology;

        Assert.Equal(TopologyLinkState.Healthy, Of(topology, "xenbr0").State);
    }

    [Fact]
    public void An_orphan_hangs_on_the_domain_that_is_gone()
    {
        DriverDomainTopology topology = new TopologyHost().Guest("web1", 5)
            .Vif("web1", 5, 0, null, 2, VifStatus.Orphaned, detail: "gone").Topology;

        TopologyNode ghost = Assert.Single(topology.Nodes, n => !n.Exists);
        Assert.Equal(("domid 2", 2), (ghost.Name, ghost.Domid));
        Assert.Equal("domid 2 -> web1 (vif 0): Broken", Assert.Single(topology.Links).ToString());
    }

    [Fact]
    public void What_dom0_backs_comes_with_dom0s_cards()
    {
        TopologyHost host = new TopologyHost().Device("0000:00:1f.6", "I219-LM", PciDeviceState.Host).Guest("web1", 5);

        Assert.DoesNotContain(host.Topology.Nodes, n => n.Kind is TopologyNodeKind.Dom0 or TopologyNodeKind.Device);
        Assert.Equal(
            ["0000:00:1f.6 -> Domain-0 (PCI): Healthy", "Domain-0 -> xenbr0 (bridge): Healthy", "xenbr0 -> web1 (vif 0): Healthy"],
            host.Vif("web1", 5, 0, "Domain-0", 0).Topology.Links.Select(l => l.ToString()));
    }

    [Theory]
    [InlineData(PciDeviceState.Assignable, null, TopologyLinkState.Waiting, "does not run")]
    [InlineData(PciDeviceState.Host, null, TopologyLinkState.Waiting, "not assignable yet")]
    [InlineData(PciDeviceState.Assigned, 7, TopologyLinkState.Broken, "thief has it")]
    [InlineData(PciDeviceState.Stale, 7, TopologyLinkState.Broken, "domid 7, which is gone")]
    public void A_configured_domain_waits_for_its_device_or_cannot_get_it(
        PciDeviceState state, int? domid, TopologyLinkState expected, string said)
    {
        DriverDomainTopology topology = new TopologyHost()
            .Device(Nic, state: state, domid: domid, domain: domid is null || state == PciDeviceState.Stale ? null : "thief")
            .DriverDomain("netdd", null, devices: Nic).Topology;

        (TopologyLinkState found, string detail) = Of(topology, "netdd");
        Assert.Equal(expected, found);
        Assert.Contains(said, detail, StringComparison.Ordinal);
        Assert.Equal(TopologyLinkState.Waiting, Of(topology, "xenbr0").State);
    }

    [Fact]
    public void A_configured_device_that_the_host_lacks_is_broken()
    {
        DriverDomainTopology topology = new TopologyHost().DriverDomain("netdd", null, devices: Nic).Topology;

        Assert.False(topology.Nodes.Single(n => n.Kind == TopologyNodeKind.Device).Exists);
        Assert.Equal((TopologyLinkState.Broken, "The host has no such PCI function."), Of(topology, "netdd"));
    }

    [Theory]
    [InlineData(DomainState.Running, TopologyLinkState.Healthy)]
    [InlineData(DomainState.Paused, TopologyLinkState.Broken)]
    [InlineData(DomainState.Crashed, TopologyLinkState.Broken)]
    public void A_device_is_as_well_as_its_domain(DomainState state, TopologyLinkState expected)
    {
        DriverDomainTopology topology = new TopologyHost().Device(Nic, domid: 3, domain: "netdd")
            .DriverDomain("netdd", 3, state: state, devices: Nic).Topology;

        Assert.Equal(expected, Of(topology, "netdd").State);
    }

    [Theory]
    [InlineData(DomainState.Blocked, TopologyLinkState.Healthy, "domid 3, PV")]
    [InlineData(DomainState.Paused, TopologyLinkState.Broken, "domid 3, PV, paused")]
    [InlineData(DomainState.Crashed, TopologyLinkState.Broken, "domid 3, PV, crashed")]
    [InlineData(DomainState.Unknown, TopologyLinkState.Waiting, "domid 3, PV")]
    public void A_bridge_is_as_well_as_its_domain_and_the_picture_says_what_that_does(
        DomainState state, TopologyLinkState expected, string detail)
    {
        DriverDomainTopology topology = new TopologyHost().DriverDomain("netdd", 3, state: state).Guest("web1", 5)
            .Vif("web1", 5, 0, "netdd", 3).Topology;

        Assert.Equal(expected, Of(topology, "xenbr0").State);
        Assert.Equal(detail, topology.Nodes.Single(n => n.Kind == TopologyNodeKind.DriverDomain).Detail);
    }

    [Fact]
    public void An_interface_of_which_it_is_not_known_whether_its_domains_run_is_not_healthy()
    {
        DriverDomainTopology topology = new TopologyHost().DriverDomain("netdd", 3).Guest("web1", 5)
            .Vif("web1", 5, 0, "netdd", 3, VifStatus.Unknown, detail: "unknown", error: ErrorIds.VifStateUnknown).Topology;

        Assert.Equal((TopologyLinkState.Waiting, "unknown"), Of(topology, "web1"));
    }

    [Fact]
    public void A_stale_record_leads_to_the_domain_that_is_gone()
    {
        DriverDomainTopology topology = new TopologyHost().Device(Nic, state: PciDeviceState.Stale, domid: 9).Topology;

        Assert.Equal("0000:03:00.0 -> domid 9 (PCI): Broken", Assert.Single(topology.Links).ToString());
    }

    [Fact]
    public void An_assignable_device_that_nobody_has_stands_alone()
    {
        DriverDomainTopology topology = new TopologyHost().Device(Nic, state: PciDeviceState.Assignable).Topology;

        Assert.StartsWith("assignable", Assert.Single(topology.Nodes).Detail, StringComparison.Ordinal);
        Assert.Empty(topology.Links);
    }

    [Fact]
    public void A_guest_that_has_a_device_is_a_guest()
    {
        DriverDomainTopology topology = Netdd.Device("0000:07:00.0", "Graphics", domid: 6, domain: "win")
            .DriverDomain("win", 6, null, hasFile: false, devices: "0000:07:00.0")
            .Vif("win", 6, 0, "netdd", 3).Topology;

        Assert.Equal(TopologyNodeKind.Guest, topology.Nodes.Single(n => n.Name == "win").Kind);
        Assert.Contains("0000:07:00.0 -> win (PCI): Healthy", topology.Links.Select(l => l.ToString()));
    }

    [Fact]
    public void A_driver_domain_that_is_a_client_too_has_both_roles()
    {
        DriverDomainTopology topology = Netdd.DriverDomain("stodd", 4).Vif("stodd", 4, 0, "netdd", 3).Topology;

        Assert.Equal(
            [TopologyNodeKind.DriverDomain, TopologyNodeKind.Guest], topology.Nodes.Where(n => n.Name == "stodd").Select(n => n.Kind));
    }

    [Fact]
    public void A_guest_without_an_interface_is_shown_and_a_driver_domain_is_no_guest()
    {
        Assert.Equal(["idle"], Netdd.Guest("idle", 8).Topology.Nodes.Where(n => n.Kind == TopologyNodeKind.Guest).Select(n => n.Name));
    }

    [Fact]
    public void A_part_has_what_a_guest_depends_on_and_what_a_domain_serves()
    {
        DriverDomainTopology whole = SampleTopologies.Readme;

        DriverDomainTopology guest = TopologyPart.Of(whole, n => n.Name == "db1");
        Assert.Equal(["0000:03:00.0", "0000:03:00.1", "netdd", "xenbr0", "db1"], guest.Nodes.Select(n => n.Name));
        Assert.Equal(4, guest.Links.Count);

        DriverDomainTopology domain = TopologyPart.Of(whole, n => n.Name == "dmzdd");
        Assert.Equal(["0000:04:00.0", "dmzdd", "dmzbr0", "dmzbr1", "mail", "vpn"], domain.Nodes.Select(n => n.Name));
        Assert.Empty(TopologyPart.Of(whole, _ => false).Nodes);
    }

    [Fact]
    public void Links_lead_to_nodes_and_ids_are_unique()
    {
        Assert.All(
            [SampleTopologies.Readme, SampleTopologies.WithHostileNames, SampleTopologies.WithGuests(50)],
            topology =>
            {
                string[] ids = [.. topology.Nodes.Select(n => n.Id)];
                Assert.Equal(ids.Length, ids.Distinct().Count());
                Assert.All(topology.Links, l => Assert.True(ids.Contains(l.From) && ids.Contains(l.To), l.ToString()));
            });
    }

    private static (TopologyLinkState State, string Detail) Of(DriverDomainTopology topology, string to)
    {
        TopologyLink link = topology.Links.Single(l => l.ToName == to);
        return (link.State, link.Detail);
    }
}
