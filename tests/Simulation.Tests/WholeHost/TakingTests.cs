using XenDriverDomain.Changes;
using XenDriverDomain.Checks;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>A new driver domain that is started takes its card from dom0 in the same plan.</summary>
public sealed class TakingTests
{
    private const int Bound = 60;

    [Theory]
    [InlineData("lab", "e1000e")]
    [InlineData("default", "i40e")]
    public async Task ACardOfDom0sIsTakenAndServes(string name, string driver)
    {
        await using SimulatedHost host = new(name);

        DriverDomain made = await host.NewAsync();

        Assert.Equal(ReadinessState.Serving, made.Readiness);
        Assert.Equal([host.Card], made.PciDevice);
        PciDevice card = await host.Session.Pci.GetAsync(host.Card, default);
        Assert.Equal((PciDeviceState.Assigned, driver), (card.State, card.OriginalDriver));

        await host.StopDriverDomainAsync();
        Assert.Equal(driver, (await host.GiveBackAsync()).Driver);
    }

    [Theory]
    [InlineData(PciDeviceState.Unbound)]
    [InlineData(PciDeviceState.Listed)]
    [InlineData(PciDeviceState.Stale)]
    public async Task ACardThatNobodyHasButThatIsNotReadyIsMadeSo(PciDeviceState state)
    {
        await using SimulatedHost host = new();
        if (state == PciDeviceState.Unbound)
        {
            host.Dom0.WriteFile("/sys/bus/pci/drivers/e1000e/unbind", $"{host.Card}");
        }
        else
        {
            await host.AddAsync();
        }

        if (state == PciDeviceState.Listed)
        {
            host.Dom0.WriteFile("/sys/bus/pci/drivers/pciback/unbind", $"{host.Card}");
        }
        else if (state == PciDeviceState.Stale)
        {
            host.Dom0.Store.Write(0, "/libxl/pci/0000-00-10-0/domid", "77");
        }

        Assert.Equal(state, (await host.Session.Pci.GetAsync(host.Card, default)).State);

        Assert.Equal(ReadinessState.Serving, (await host.NewAsync()).Readiness);
    }

    [Fact]
    public async Task ThePlanBeginsWithWhatAddDoesAndUndoesIt()
    {
        await using SimulatedHost host = new("lab", "xl:create:1:fail=3");
        IReadOnlyList<string> before = host.Footprint();
        ChangePlan plan = (await host.Session.DriverDomains.PlanNewAsync(Request(host.Card), default)).Plan;
        ChangePlan adding = (await host.Session.Assignments.PlanAddAsync(host.Card, new(), default)).Plan;
        Assert.StartsWith(adding.Describe(), plan.Describe(), StringComparison.Ordinal);

        XenDriverDomainException failed = await SimulatedHost.ErrorOfAsync(() => host.NewAsync());

        Assert.Equal(ErrorIds.DomainCreateFailed, failed.ErrorId);
        Assert.Contains($"{host.Card} is with dom0's driver e1000e.", failed.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.Footprint());
    }

    [Theory]
    [InlineData("00:02.0", ErrorIds.PciDeviceVitalToDom0)]
    [InlineData("00:1f.2", ErrorIds.PciDeviceVitalToDom0)]
    [InlineData("00:13.0", ErrorIds.PciDeviceIsBridge)]
    public async Task WhatAddRefusesIsRefused(string card, string id)
    {
        await using SimulatedHost host = new();
        IReadOnlyList<string> before = host.Footprint();

        Assert.Equal(id, (await SimulatedHost.ErrorOfAsync(() => NewAsync(host, PciAddress.Parse(card)))).ErrorId);
        Assert.Equal(before, host.Footprint());
    }

    /// <summary>The virtual function would be gone when its turn came, and nothing brings it back.</summary>
    [Theory]
    [InlineData("03:00.0", "04:10.0")]
    [InlineData("04:10.0", "03:00.0")]
    public async Task ACardWithAVirtualFunctionOfItsOwnIsRefused(string first, string second)
    {
        await using SimulatedHost host = new("default");
        IReadOnlyList<string> before = host.Footprint();

        XenDriverDomainException refused = await SimulatedHost.ErrorOfAsync(
            () => NewAsync(host, PciAddress.Parse(first), PciAddress.Parse(second)));

        Assert.Equal(ErrorIds.PciVirtualFunctionsVanish, refused.ErrorId);
        Assert.Equal(before, host.Footprint());
    }

    [Fact]
    public async Task WithoutAStartNothingIsTaken()
    {
        await using SimulatedHost host = new();
        IReadOnlyList<string> before = host.Footprint();

        XenDriverDomainException refused = await SimulatedHost.ErrorOfAsync(
            () => host.RunAsync(host.Session.DriverDomains.PlanNewAsync(Request(host.Card) with { Start = null }, default)));

        Assert.Equal(ErrorIds.DriverDomainDeviceNotAssignable, refused.ErrorId);
        Assert.Equal(before, host.Footprint());
    }

    [Fact]
    public async Task ACardThatAnotherDomainHasIsRefused()
    {
        await using SimulatedHost host = new();
        await host.NewAsync();

        XenDriverDomainException refused = await SimulatedHost.ErrorOfAsync(
            () => host.RunAsync(host.Session.DriverDomains.PlanNewAsync(Request(host.Card) with { Name = "other" }, default)));

        Assert.Equal(ErrorIds.DriverDomainDeviceNotAssignable, refused.ErrorId);
        Assert.Contains("netdd has it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoCardsAreTakenAndThePcibackThatIsMissingIsLoadedOnce()
    {
        await using SimulatedHost host = new(LabHost.Create() with { LoadsPciback = false });
        PciAddress other = PciAddress.Parse("00:11.0");
        ChangePlan plan = (await host.Session.DriverDomains.PlanNewAsync(Request(host.Card, other), default)).Plan;
        Assert.Single(plan.Describe().Split('\n'), line => line.Contains("modprobe xen-pciback", StringComparison.Ordinal));

        DriverDomain made = await NewAsync(host, host.Card, other);

        Assert.Equal((ReadinessState.Serving, 2), (made.Readiness, made.PciDevice.Count));
    }

    [Fact]
    public async Task KilledAtAnyChangeTheSameCommandGoesOn()
    {
        for (int at = 1; ; at++)
        {
            Assert.True(at < Bound, "no end");
            await using SimulatedHost host = new();
            bool isDead;
            await using (KilledSession killed = new(host.Dom0, at, XlAtTheEnd.NotBegun))
            {
                await Record.ExceptionAsync(async () =>
                {
                    PlannedChange<DriverDomain> change = await killed.Session.DriverDomains.PlanNewAsync(Request(host.Card), default);
                    await change.Plan.RunAsync(killed.Session.Hand, default);
                });
                isDead = killed.IsDead;
            }

            Assert.Equal(ReadinessState.Serving, (await host.NewAsync()).Readiness);
            await host.StopDriverDomainAsync();
            Assert.Equal("e1000e", (await host.GiveBackAsync()).Driver);
            if (!isDead)
            {
                Assert.True(at > 6, $"{at} changes only");
                return;
            }
        }
    }

    private static Task<DriverDomain> NewAsync(SimulatedHost host, params PciAddress[] cards) =>
        host.RunAsync(host.Session.DriverDomains.PlanNewAsync(Request(cards), default));

    private static NewDriverDomainRequest Request(params PciAddress[] cards) => new()
    {
        Name = "netdd",
        PciDevice = cards,
        MemoryMB = 384,
        Kernel = "/root/vmlinuz",
        Ramdisk = "/root/guest.gz",
        CommandLine = "console=hvc0 role=dd",
        Bridge = "xenbr0",
        Start = new StartOptions(),
    };
}
