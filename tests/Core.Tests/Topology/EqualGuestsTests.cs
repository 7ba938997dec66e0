using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Topology;

namespace XenDriverDomain.Tests.Topology;

/// <summary>Which guests a picture shows as one, and that nothing of them is lost.</summary>
public class EqualGuestsTests
{
    public static TheoryData<string> Differences =>
        ["back end", "bridge", "number", "second vif", "no vif", "type", "paused", "waiting", "broken", "device"];

    [Fact]
    public void Equal_guests_stand_as_one_and_keep_their_names_and_links()
    {
        DriverDomainTopology whole = Four().Topology;

        DriverDomainTopology drawn = EqualGuests.Fold(whole);

        TopologyNode group = Assert.Single(drawn.Nodes, n => n.Kind == TopologyNodeKind.Guest);
        Assert.Equal(("web1, web2, … (4 guests)", "PVH", (int?)null), (group.Name, group.Detail, group.Domid));
        Assert.Equal(["web1", "web2", "web3", "web10"], group.Members.Select(m => m.Name));
        TopologyLink link = Assert.Single(drawn.Links, l => l.Kind == TopologyLinkKind.Vif);
        Assert.Equal((group.Id, group.Name, "4 × vif 0"), (link.To, link.ToName, link.Label));
        Assert.Equal(group.Members.Select(m => whole.Links.Single(l => l.To == m.Id)), link.Members);
        Assert.Equal(
            TopologyWords.Summary(whole) + " 4 equal guests are drawn as one box.", TopologyWords.Summary(drawn));
    }

    [Fact]
    public void Three_guests_are_shown_by_their_names()
    {
        DriverDomainTopology whole = Netdd().Guest("a", 11).Guest("b", 12).Guest("c", 13)
            .Vif("a", 11, 0, "netdd", 3).Vif("b", 12, 0, "netdd", 3).Vif("c", 13, 0, "netdd", 3).Topology;

        Assert.Same(whole, EqualGuests.Fold(whole));
    }

    [Theory]
    [MemberData(nameof(Differences))]
    public void A_guest_that_differs_stands_for_itself(string what)
    {
        TopologyHost host = Four().DriverDomain("other", 4);
        host.Guest(
            "odd", 20,
            what == "paused" ? DomainState.Paused : DomainState.Blocked,
            what == "type" ? DomainType.HVM : DomainType.PVH);
        if (what != "no vif")
        {
            host.Vif(
                "odd", 20, what == "number" ? 1 : 0, what == "back end" ? "other" : "netdd", what == "back end" ? 4 : 3,
                what switch { "waiting" => VifStatus.Waiting, "broken" => VifStatus.Failed, _ => VifStatus.Connected },
                what == "bridge" ? "br1" : "xenbr0");
        }

        if (what == "second vif")
        {
            host.Vif("odd", 20, 1, "netdd", 3);
        }

        if (what == "device")
        {
            host.Device("0000:07:00.0", domid: 20, domain: "odd");
        }

        DriverDomainTopology drawn = EqualGuests.Fold(host.Topology);

        Assert.Equal(["odd", "web1, web2, … (4 guests)"], drawn.Nodes.Where(n => n.Kind == TopologyNodeKind.Guest).Select(n => n.Name));
    }

    [Fact]
    public void What_a_domain_does_at_the_moment_divides_nobody()
    {
        TopologyHost host = Four().Guest("busy", 20, DomainState.Running, memory: 4096).Vif("busy", 20, 0, "netdd", 3);

        Assert.Equal(
            ["busy, web1, … (5 guests)"],
            EqualGuests.Fold(host.Topology).Nodes.Where(n => n.Kind == TopologyNodeKind.Guest).Select(n => n.Name));
    }

    [Fact]
    public void Those_that_are_broken_for_one_reason_stand_as_one_beside_those_that_are_well_and_say_it_of_one()
    {
        TopologyHost host = Four();
        for (int i = 1; i <= 5; i++)
        {
            string name = $"shut{i}";
            host.Guest(name, 20 + i)
                .Vif(name, 20 + i, 0, "netdd", 3, VifStatus.Failed, detail: $"{name} has closed its end.", error: ErrorIds.VifClosed);
        }

        host.Guest("lost", 30).Vif("lost", 30, 0, "netdd", 3, VifStatus.Failed, detail: "no bridge", error: ErrorIds.VifBridgeNotFound);
        DriverDomainTopology drawn = EqualGuests.Fold(host.Topology);

        Assert.Equal(
            ["lost", "shut1, shut2, … (5 guests)", "web1, web2, … (4 guests)"],
            drawn.Nodes.Where(n => n.Kind == TopologyNodeKind.Guest).Select(n => n.Name));
        TopologyLink broken = drawn.Links.Single(l => l.ToName.StartsWith("shut", StringComparison.Ordinal));
        Assert.Equal(
            (TopologyLinkState.Broken, "shut1 has closed its end. It is the same with the other 4.", "Look at it."),
            (broken.State, broken.Detail, broken.Remedy));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(500)]
    public void Every_guest_and_link_is_there_once_and_nothing_that_is_wrong_is_among_what_is_well(int count)
    {
        DriverDomainTopology whole = SampleTopologies.WithGuests(count);

        DriverDomainTopology drawn = EqualGuests.Fold(whole);

        Assert.InRange(drawn.Nodes.Count, 5, 25);
        Assert.Equal(whole.Nodes.ToHashSet(), drawn.Nodes.SelectMany(n => n.Members.Count > 0 ? n.Members : [n]).ToHashSet());
        TopologyLink[] links = [.. drawn.Links.SelectMany(l => l.Members.Count > 0 ? l.Members : [l])];
        Assert.Equal(whole.Links.Count, links.Length);
        Assert.Equal(whole.Links.ToHashSet(), links.ToHashSet());
        Assert.All(drawn.Links, l => Assert.All(l.Members, m => Assert.Equal((l.State, l.From), (m.State, m.From))));
        Assert.Equal(drawn.Nodes, EqualGuests.Fold(drawn).Nodes);
    }

    [Fact]
    public void Guests_without_a_network_stand_as_one()
    {
        TopologyHost host = new();
        for (int i = 1; i <= 30; i++)
        {
            host.Guest($"idle{i}", 10 + i);
        }

        TopologyNode group = Assert.Single(EqualGuests.Fold(host.Topology).Nodes);
        Assert.Equal(("idle1, idle2, … (30 guests)", "PVH, no network"), (group.Name, group.Detail));
    }

    [Theory]
    [InlineData("web2", "web10")]
    [InlineData("web2-b", "web10-a")]
    [InlineData("a", "b1")]
    [InlineData("web", "web1")]
    [InlineData("web01", "web1")]
    [InlineData("a1", "aa")]
    [InlineData("x99999999999999999998", "x99999999999999999999")]
    public void Names_are_counted_as_a_person_counts_them(string first, string second)
    {
        Assert.True(NaturalOrder.Instance.Compare(first, second) < 0);
        Assert.True(NaturalOrder.Instance.Compare(second, first) > 0);
        Assert.Equal(0, NaturalOrder.Instance.Compare(first, first));
    }

    private static TopologyHost Netdd() => new TopologyHost().DriverDomain("netdd", 3);

    private static TopologyHost Four() => Netdd()
        .Guest("web1", 11).Guest("web10", 12).Guest("web2", 13).Guest("web3", 14)
        .Vif("web1", 11, 0, "netdd", 3).Vif("web10", 12, 0, "netdd", 3).Vif("web2", 13, 0, "netdd", 3).Vif("web3", 14, 0, "netdd", 3);
}
