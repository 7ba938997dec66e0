using XenDriverDomain.Assignment;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>Cards that have a page of memory or an interrupt line in common, from sysfs to the warning.</summary>
public sealed class SharedResourceTests
{
    private const string One = "00:1a.0";
    private const string Other = "00:1d.7";

    [Fact]
    public async Task Two_controllers_in_one_page_and_on_one_line_are_told()
    {
        await using SimulatedHost host = new(Host());
        Told told = new();

        PciDevice device = await host.AddAsync(PciAddress.Parse(One), reporter: told);

        Assert.Equal((PciDeviceState.Assignable, 19), (device.State, device.Irq));
        Assert.Collection(
            told.Warnings,
            text => Assert.Contains("in the same page of memory as those of 0000:00:1d.7 (ehci-pci)", text, StringComparison.Ordinal),
            text => Assert.Contains("uses interrupt line 19, as does 0000:00:1d.7 (ehci-pci)", text, StringComparison.Ordinal));

        // The other one is alone then.
        Told later = new();
        await host.AddAsync(PciAddress.Parse(Other), reporter: later);
        Assert.Empty(later.Warnings);
    }

    [Fact]
    public async Task Named_in_one_command_they_are_no_matter()
    {
        await using SimulatedHost host = new(Host());
        Told told = new();

        await host.AddAsync(
            PciAddress.Parse(One), new AddAssignableOptions { Together = [PciAddress.Parse(One), PciAddress.Parse(Other)] }, told);

        Assert.Empty(told.Warnings);
    }

    [Fact]
    public async Task At_boot_it_is_told_of_what_stays()
    {
        await using SimulatedHost host = new(Host());
        Told alone = new();
        Told both = new();

        await host.Session.HeardBy(alone).AtBoot.PlanAddAsync([PciAddress.Parse(One)], new AtBootOptions(), default);
        await host.Session.HeardBy(both).AtBoot.PlanAddAsync(
            [PciAddress.Parse(One), PciAddress.Parse(Other)], new AtBootOptions(), default);

        Assert.Equal(2, alone.Warnings.Count(text => text.Contains("0000:00:1d.7", StringComparison.Ordinal)));
        Assert.DoesNotContain(both.Warnings, text => text.Contains("0000:00:1d.7", StringComparison.Ordinal));
    }

    // What NVMe disks and network cards do: sysfs goes on showing a line (irq_show, drivers/pci/pci-sysfs.c), which none of them uses.
    [Fact]
    public async Task A_card_with_message_interrupts_is_on_no_line()
    {
        await using SimulatedHost host = new(Host(Parts.MessageInterrupts(200, 3)));
        Told told = new();

        await host.AddAsync(PciAddress.Parse(One), reporter: told);

        Assert.Contains("page of memory", Assert.Single(told.Warnings), StringComparison.Ordinal);
    }

    // A driver that asked for message interrupts in vain: the directory is there, and empty (met on the lab with msi_bus=0).
    [Fact]
    public async Task A_card_whose_driver_got_no_message_interrupts_is_on_its_line()
    {
        await using SimulatedHost host = new(Host(Parts.MessageInterrupts(0, 0)));
        Told told = new();

        await host.AddAsync(PciAddress.Parse(One), reporter: told);

        Assert.False((await host.Session.Pci.GetAsync(PciAddress.Parse(Other), default)).UsesMsi);
        Assert.Contains(told.Warnings, text => text.Contains("uses interrupt line 19, as does 0000:00:1d.7", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("default", "01:00.0 01:00.1 03:00.0 07:00.0 08:00.0")]
    [InlineData("lab", "00:10.0 00:11.0 00:12.0 00:15.0 01:00.0 03:01.0 03:02.0")]
    public async Task The_cards_of_the_built_in_hosts_share_neither(string name, string cards)
    {
        await using SimulatedHost host = new(name);
        foreach (string card in cards.Split(' '))
        {
            Told told = new();
            await host.Session.HeardBy(told).Assignments.PlanAddAsync(PciAddress.Parse(card), new AddAssignableOptions(), default);
            Assert.DoesNotContain(told.Warnings, text => text.Contains("page of memory", StringComparison.Ordinal)
                || text.Contains("interrupt line", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_a_driver_gave_up_is_gone_from_sysfs()
    {
        await using SimulatedHost host = new();
        Assert.True((await host.Session.Pci.GetAsync(host.Card, default)).UsesMsi);

        await host.AddAsync();
        Assert.False((await host.Session.Pci.GetAsync(host.Card, default)).UsesMsi);

        await host.GiveBackAsync();
        Assert.True((await host.Session.Pci.GetAsync(host.Card, default)).UsesMsi);
    }

    [Fact]
    public async Task What_a_PV_guest_has_set_up_is_in_the_sysfs_of_dom0()
    {
        await using SimulatedHost host = new();
        await host.AddAsync();
        Assert.False((await host.Session.Pci.GetAsync(host.Card, default)).UsesMsi);

        await host.NewAsync();
        Assert.True((await host.Session.Pci.GetAsync(host.Card, default)).UsesMsi);

        await host.StopDriverDomainAsync();
        Assert.False((await host.Session.Pci.GetAsync(host.Card, default)).UsesMsi);
    }

    // USB 2 controllers of a chip set, with registers of 1 KiB each.
    private static HostDescription Host(params IReadOnlyList<ChildDevice> ofTheOther)
    {
        HostDescription host = DefaultHost.Create();
        return host with
        {
            Functions =
            [
                .. host.Functions,
                Controller(One, 0xa4536000, []),
                Controller(Other, 0xa4536400, ofTheOther),
            ],
            Drivers = [.. host.Drivers, new("ehci-pci", "ehci-pci", true, "pci:v*d*sv*sd*bc0Csc03i20*")],
        };
    }

    private static FunctionDescription Controller(string address, ulong registers, IReadOnlyList<ChildDevice> children) => new(
        PciAddress.Parse(address))
    {
        VendorId = 0x8086,
        DeviceId = 0x293a,
        ClassCode = 0x0c0320,
        Irq = 19,
        IsPciExpress = false,
        Bars = [new PciBar(0, registers, 0x400, 0x40200)],
        ResetMethods = ["pm"],
        Driver = "ehci-pci",
        Children = children,
    };
}
