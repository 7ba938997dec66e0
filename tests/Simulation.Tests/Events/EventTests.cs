using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Errors;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Tests.Descriptions;

namespace XenDriverDomain.Simulation.Tests.Events;

/// <summary>What befalls a host in the middle of things: what xl, sysfs and xenstore say after it.</summary>
public sealed class EventTests
{
    private const string Serving = """
        @{
            Bridges = @{ Name = 'xenbr0'; IP = '192.168.1.2/24'; Gateway = '192.168.1.1' }
            Cards   = @(
                @{ Address = '00:1f.6'; Model = 'I219'; Interface = 'eno1'; Bridge = 'xenbr0' },
                @{ Address = '01:00.0'; Model = 'I210' },
                @{ Address = '02:00.0'; Model = 'I350'; VirtualFunctions = @{ AtBoot = 2 } }
            )
            Guests  = @(
                @{ Name = 'netdd'; Cards = '01:00.0' },
                @{ Name = 'web1'; Vifs = @{ Backend = 'netdd' } },
                @{ Name = 'mail'; Vifs = @{ Bridge = 'xenbr0' } }
            )
        }
        """;

    [Fact]
    public async Task A_driver_domain_that_crashes_is_destroyed_and_its_client_is_an_orphan()
    {
        await using DescribedHost host = DescribedHost.Of(Serving);

        host.Dom0.Crash("netdd");
        Assert.Contains("c", State(host, "netdd"), StringComparison.Ordinal);

        // xl waits for a card that nobody hands back.
        host.Dom0.Advance(60);

        Assert.DoesNotContain("netdd", host.Run("xl list"), StringComparison.Ordinal);
        Assert.Equal(VifStatus.Orphaned, (await VifAsync(host, "web1")).Status);
    }

    [Fact]
    public async Task A_domain_is_named_by_its_number_as_well_and_one_that_stopped_crashes_no_more()
    {
        await using DescribedHost host = DescribedHost.Of(
            "@{ Guests = @{ Name = 'a'; State = 'ShutDown' }, @{ Name = 'b'; State = 'Paused' }, @{ Name = 'c' } }");
        string number = host.Run("xl domid c").Trim();

        host.Dom0.Crash(number);

        Assert.Contains("stopped already", Refusal(() => host.Dom0.Crash(number)).Message, StringComparison.Ordinal);
        Assert.Contains("stopped already", Refusal(() => host.Dom0.Crash("a")).Message, StringComparison.Ordinal);
        Assert.Contains("paused", Refusal(() => host.Dom0.Crash("b")).Message, StringComparison.Ordinal);
        Assert.Contains("Reboot()", Refusal(() => host.Dom0.Crash("Domain-0")).Remedy, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.NotFound, Refusal(() => host.Dom0.Crash("nobody")).Kind);
    }

    [Fact]
    public async Task A_card_that_is_pulled_out_is_gone_and_comes_back_only_when_it_is_put_in()
    {
        await using DescribedHost host = DescribedHost.Of(Serving);

        host.Dom0.Unplug("02:00.0");

        Assert.DoesNotContain("02:00.0", host.Run("ls /sys/bus/pci/devices"), StringComparison.Ordinal);
        Assert.DoesNotContain(await host.Session.Pci.ListAsync(default), card => card.PhysicalFunction is not null);
        host.Dom0.WriteFile("/sys/bus/pci/rescan", "1");
        Assert.Null(await host.Session.Pci.TryGetAsync(PciAddress.Parse("02:00.0"), default));
        Assert.Contains("pulled out", Refusal(() => host.Dom0.Unplug("02:00.0")).Message, StringComparison.Ordinal);

        host.Dom0.Plug("02:00.0");

        Assert.Equal("igb", (await host.Session.Pci.GetAsync(PciAddress.Parse("02:00.0"), default)).Driver);
        Assert.Contains("nothing was pulled out", Refusal(() => host.Dom0.Plug("02:00.0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_bridge_that_goes_everything_goes_and_comes_back_with_it()
    {
        await using DescribedHost host = DescribedHost.Of(Serving);
        PciAddress port = (await host.Session.Pci.GetAsync(PciAddress.Parse("02:00.0"), default)).BridgePath[0];

        host.Dom0.Unplug(port.ToString());
        Assert.Null(await host.Session.Pci.TryGetAsync(PciAddress.Parse("02:00.0"), default));

        host.Dom0.Plug(port.ToString());
        Assert.Equal("igb", (await host.Session.Pci.GetAsync(PciAddress.Parse("02:00.0"), default)).Driver);
    }

    [Fact]
    public async Task The_card_of_a_driver_domain_that_is_pulled_out_ends_the_traffic_and_stays_in_the_records_of_xl()
    {
        await using DescribedHost host = DescribedHost.Of(Serving);
        Assert.True(Flows(host, "web1"));

        host.Dom0.Unplug("01:00.0");

        Assert.False(Flows(host, "web1"));
        Assert.Contains("01:00.0", host.Run("xl pci-list netdd"), StringComparison.Ordinal);
        Assert.Contains("still in-use by domain", host.Run("dmesg"), StringComparison.Ordinal);

        // Its end is the end of what is left of it.
        Assert.Equal(0, host.Dom0.Run("xl destroy netdd").ExitCode);
        Assert.DoesNotContain("netdd", host.Run("xl list"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("01:00.0", "web1", "mail")]
    [InlineData("00:1f.6", "mail", "web1")]
    public async Task Without_its_cable_a_card_carries_nothing_whoever_has_it(string card, string without, string with)
    {
        await using DescribedHost host = DescribedHost.Of(Serving);
        Assert.True(Flows(host, without));

        host.Dom0.LinkDown(card);
        Assert.False(Flows(host, without));
        Assert.True(Flows(host, with));
        Assert.Equal(card == "00:1f.6" ? "down" : "up", host.Run("cat /sys/class/net/eno1/operstate").Trim());

        host.Dom0.LinkUp(card);
        Assert.True(Flows(host, without));
        Assert.Equal("up", host.Run("cat /sys/class/net/eno1/operstate").Trim());
    }

    [Fact]
    public async Task What_cannot_happen_to_a_card_is_refused()
    {
        await using DescribedHost host = DescribedHost.Of(Serving);
        PciDevice physical = await host.Session.Pci.GetAsync(PciAddress.Parse("02:00.0"), default);
        string virtualFunction = physical.VirtualFunctions[0].ToString();

        Assert.Contains("no PCI address", Refusal(() => host.Dom0.Unplug("card")).Message, StringComparison.Ordinal);
        Assert.Contains("no such function", Refusal(() => host.Dom0.Unplug("09:00.0")).Message, StringComparison.Ordinal);
        Assert.Contains("machine itself", Refusal(() => host.Dom0.Unplug("00:00.0")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "virtual function of 0000:02:00.0", Refusal(() => host.Dom0.Unplug(virtualFunction)).Message, StringComparison.Ordinal);
        Assert.Contains("no network card", Refusal(() => host.Dom0.LinkDown("00:00.0")).Message, StringComparison.Ordinal);
        Assert.Contains("which has the cable", Refusal(() => host.Dom0.LinkDown(virtualFunction)).Message, StringComparison.Ordinal);
        Assert.Contains("its cable is in", Refusal(() => host.Dom0.LinkUp("01:00.0")).Message, StringComparison.Ordinal);
        host.Dom0.LinkDown("01:00.0");
        Assert.Contains("its cable is out", Refusal(() => host.Dom0.LinkDown("01:00.0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_begins_and_ends_in_the_middle()
    {
        await using DescribedHost host = DescribedHost.Of("@{ }");

        host.Dom0.AddFault("xl:list:2:fail=9 no");
        host.Dom0.AddFault("stale:0000:03:00.0:7");
        Assert.Equal(["xl:list:2:fail=9 no", "stale:0000:03:00.0:7"], host.Dom0.Faults);
        Assert.Equal([0, 9, 0], Enumerable.Range(0, 3).Select(_ => host.Dom0.Run("xl list").ExitCode));
        Assert.Equal("7", host.Run("xenstore-read /libxl/pci/0000-03-00-0/domid").Trim());

        host.Dom0.RemoveFault("xl:list:2:fail=9 no");
        host.Dom0.RemoveFault("stale:0000:03:00.0:7");
        Assert.Empty(host.Dom0.Faults);
        Assert.NotEqual(0, host.Dom0.Run("xenstore-read /libxl/pci/0000-03-00-0/domid").ExitCode);
        Assert.Contains("no such fault", Refusal(() => host.Dom0.RemoveFault("xl:list:hang")).Message, StringComparison.Ordinal);
        Assert.Equal(
            SimulationErrorIds.SimulationFaultMalformed,
            Assert.Throws<XenDriverDomainException>(() => host.Dom0.AddFault("nonsense")).ErrorId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(1e12)]
    public async Task Time_goes_forward_and_not_for_ever(double seconds)
    {
        await using DescribedHost host = DescribedHost.Of("@{ }");

        Assert.Contains("no time that can pass", Refusal(() => host.Dom0.Advance(seconds)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_that_passes_is_on_the_clock()
    {
        await using DescribedHost host = DescribedHost.Of("@{ }");
        TimeSpan before = host.Dom0.Time.Elapsed;

        host.Dom0.Advance(90.5);

        Assert.True(host.Dom0.Time.Elapsed - before >= TimeSpan.FromSeconds(90.5));
    }

    /// <summary>Whether a guest's count of echo replies grows.</summary>
    internal static bool Flows(DescribedHost host, string guest)
    {
        string node = $"/local/domain/{host.Run($"xl domid {guest}").Trim()}/data/traffic";

        // What was under way arrives, or is given up.
        host.Dom0.Advance(3);
        string before = host.Run($"xenstore-read {node}");
        host.Dom0.Advance(3);
        return host.Run($"xenstore-read {node}") is var after && after != before && after.StartsWith("ok ", StringComparison.Ordinal);
    }

    private static string State(DescribedHost host, string domain) =>
        host.Run("xl list").Split('\n')
        .Single(line => line.StartsWith(domain + " ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];

    private static async Task<GuestVif> VifAsync(DescribedHost host, string guest) =>
        (await host.Session.Vifs.ListAsync(default)).Single(vif => vif.Guest == guest);

    private static XenDriverDomainException Refusal(Action what)
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(what);
        Assert.Equal(SimulationErrorIds.SimulatedEventImpossible, error.ErrorId);
        Assert.NotEmpty(error.Remedy);
        return error;
    }
}
