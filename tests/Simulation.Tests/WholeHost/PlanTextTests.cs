using System.Text;
using XenDriverDomain.Assignment;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>What plans tell a shell where doing one thing after the other would do harm: text that somebody may run by hand.</summary>
public sealed class PlanTextTests
{
    private const string Gone = "until ! xenstore-exists /local/domain/2/name && ! xl list 2 >/dev/null 2>&1; do [ $((n=n-1)) -gt 0 ] || ";
    private const string Records = "/local/domain/0/xendriverdomain";

    [Fact]
    public async Task What_a_domain_leaves_is_removed_only_when_it_is_gone()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        string forced = (await StopAsync(host, force: true)).ToShell();

        // A client keeps netdd from being stopped without force.
        await host.DisconnectAsync();
        string orderly = (await StopAsync(host, force: false)).ToShell();

        AssertOrder(orderly, Gone + "exit 1", "xenstore-rm /local/domain/0/backend/pci/2", $"xenstore-rm -t {Records}/servers/netdd/2");
        AssertOrder(forced, Gone + "break", "xl destroy 2", Gone + "exit 1", "xenstore-rm /local/domain/0/backend/pci/2");
        Assert.DoesNotContain("xl destroy", orderly, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_record_of_a_client_goes_when_its_interface_is_seen_connected()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();

        string text = (await host.Session.DriverDomains.PlanRestartAsync(
            DomainRef.Parse("netdd"), new StopOptions { Force = true }, new StartOptions(), default)).Plan.ToShell();

        DomainInfo guest = await host.Session.Domains.ResolveAsync(DomainRef.Parse("fe1"), default);
        string record = $"{Records}/clients/netdd/{guest.Uuid:D}/0";
        AssertOrder(
            text,
            $"xenstore-write {record}/mac ",
            "xl network-detach 1 0",
            "xl create /etc/xen/driver-domains/netdd.cfg",
            $"xenstore-write {Records}/servers/netdd/\"$(xl domid netdd)\"",
            $"xenstore-rm -t {Records}/servers/netdd/starting",
            "Look yourself that netdd has booted",
            "\nexit 3\n",
            "xl network-attach 1 ",
            "until [ \"$(xenstore-read /local/domain/1/device/vif/0/state 2>/dev/null)\" = 4 ]",
            $"xenstore-rm -t {record}");
    }

    [Fact]
    public async Task What_Xen_does_not_let_go_is_left_alone()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();

        string text = (await host.Session.Assignments.PlanRemoveAsync(host.Card, new RemoveAssignableOptions(), default)).Plan.ToShell();

        AssertOrder(text, "set -e", "xl pci-assignable-remove 0000:00:10.0\n", "> /sys/bus/pci/drivers/pciback/unbind");
        Assert.Contains("#     # unless a domain has 0000:00:10.0:\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("|| true", text, StringComparison.Ordinal);
    }

    // Bound by hand; Add refuses such a host.
    [Fact]
    public async Task Without_an_IOMMU_there_is_nothing_that_Xen_could_hold()
    {
        await using SimulatedHost host = new("lab", "no-iommu");
        foreach (string file in (string[])["e1000e/unbind", "pciback/new_slot", "pciback/bind"])
        {
            await host.Session.Dom0.Files.WriteOnceAsync($"/sys/bus/pci/drivers/{file}", Encoding.ASCII.GetBytes($"{host.Card}"), default);
        }

        string text = (await host.Session.Assignments.PlanRemoveAsync(host.Card, new RemoveAssignableOptions(), default)).Plan.ToShell();

        AssertOrder(text, "xl pci-assignable-remove 0000:00:10.0 || true\n", "> /sys/bus/pci/drivers/pciback/unbind");
    }

    // As by a run that was killed after xl create: the domain may serve by now.
    [Fact]
    public async Task A_start_that_was_interrupted_is_waited_for_and_destroys_nothing_that_runs()
    {
        await using SimulatedHost host = new();
        await host.ServeAsync();
        IXenStoreClient store = await host.Session.Dom0.GetXenStoreAsync(default);
        await store.WriteTextAsync(XenStorePath.Parse($"{Records}/servers/netdd/starting"), "1", default);

        Changes.ChangePlan plan = (await host.Session.DriverDomains.PlanStartAsync("netdd", new StartOptions(), default)).Plan;

        Assert.Contains(
            "Let what an interrupted start left of netdd (domid 2) become whole, or create it anew from /etc/xen/driver-domains/netdd.cfg",
            plan.Describe(),
            StringComparison.Ordinal);
        string text = plan.ToShell();
        Assert.Contains("# unless netdd has its devices and runs within 20 s:\n# xl destroy 2\n", text, StringComparison.Ordinal);
        Assert.Contains("#     # only where it was created anew:\n#     xl destroy netdd\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("xl ", StringComparison.Ordinal));

        Assert.Equal(2, (await host.StartAsync()).Domid);
        Assert.Null(await store.TryReadTextAsync(XenStorePath.Parse($"{Records}/servers/netdd/starting"), default));
    }

    private static async Task<Changes.ChangePlan> StopAsync(SimulatedHost host, bool force) =>
        (await host.Session.DriverDomains.PlanStopAsync(DomainRef.Parse("netdd"), new StopOptions { Force = force }, default)).Plan;

    private static void AssertOrder(string text, params string[] parts)
    {
        int at = 0;
        foreach (string part in parts)
        {
            int next = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"'{part}' does not follow in:\n{text}");
            at = next + part.Length;
        }
    }
}
