using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Pci;

public sealed class PciTopologyTests
{
    [Theory]
    [InlineData("03:01.0", "0000:03:02.0")]
    [InlineData("03:02.0", "0000:03:01.0")]
    [InlineData("01:00.0", "")]
    [InlineData("00:15.0", "")]
    [InlineData("00:11.0", "")]
    public async Task Devices_behind_one_conventional_bus_belong_together(string address, string expected)
    {
        PciWorld world = new("lab-dom0.txt");
        IReadOnlyList<PciDevice> all = await world.ListAsync();

        IReadOnlyList<PciDevice> others = PciTopology.Inseparable(await world.GetAsync(address), all);

        Assert.Equal(expected, string.Join(' ', others.Select(other => other.Address)));
    }

    [Fact]
    public async Task Kernels_that_do_not_tell_pci_express_still_show_a_conventional_bus()
    {
        PciWorld world = new("lab-dom0.txt");
        IReadOnlyList<PciDevice> all = [.. (await world.ListAsync()).Select(device => device with { IsPciExpress = null })];
        PciDevice behind = all.Single(device => device.Address == PciAddress.Parse("03:01.0"));
        PciDevice express = all.Single(device => device.Address == PciAddress.Parse("01:00.0"));

        Assert.Equal(PciAddress.Parse("02:00.0"), PciTopology.ConventionalBridge(behind, all));
        Assert.Null(PciTopology.ConventionalBridge(express, all));
    }

    [Fact]
    public void Registers_in_one_page_are_shared()
    {
        PciDevice one = Device("00:1a.0", 0xfe000000, 0x400, 16);
        PciDevice two = Device("00:1d.0", 0xfe000400, 0x400, 17);
        PciDevice three = Device("00:1e.1", 0xfe001000, 0x1000, 16);
        PciDevice[] all = [one, two, three];

        Assert.Equal([two], PciTopology.SharingPages(one, all));
        Assert.Empty(PciTopology.SharingPages(three, all));
    }

    [Fact]
    public void Ports_and_registers_that_have_no_address_share_no_page()
    {
        PciDevice one = Device("00:1a.0", 0xe000, 0x20, 16) with
        {
            Bars = [new PciBar(4, 0xe000, 0x20, 0x40101), new PciBar(0, 0, 0x400, 0x40200)],
        };

        Assert.Empty(PciTopology.SharingPages(one, [one, one with { Address = PciAddress.Parse("00:1d.0") }]));
    }

    [Theory]
    [InlineData("ehci_hcd", 16, false, true)]
    [InlineData("ehci_hcd", 17, false, false)]
    [InlineData("ehci_hcd", 16, true, false)]
    [InlineData("ehci_hcd", 16, null, false)]
    [InlineData("ehci_hcd", null, false, false)]
    [InlineData("pciback", 16, false, false)]
    [InlineData(null, 16, false, false)]
    public void A_line_is_shared_by_those_whose_interrupts_come_on_it(string? driver, int? irq, bool? usesMsi, bool isShared)
    {
        PciDevice one = Device("00:1a.0", 0xfe000000, 0x1000, 16);
        PciDevice other = Device("00:1d.0", 0xfe001000, 0x1000, 16) with { Driver = driver, Irq = irq, UsesMsi = usesMsi };

        Assert.Equal(isShared ? [other] : [], PciTopology.SharingInterrupt(one, [one, other]));
        Assert.Equal(isShared ? [one] : [], PciTopology.SharingInterrupt(other, [one, other]));
    }

    private static PciDevice Device(string address, ulong start, ulong length, int irq) => new()
    {
        Dom0 = "local",
        Address = PciAddress.Parse(address),
        Irq = irq,
        UsesMsi = false,
        Driver = "ehci_hcd",
        Bars = [new PciBar(0, start, length, 0x40200)],
    };
}
