using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Checks;

public class DeviceChecksTests
{
    private static readonly PciAddress s_rootPort = PciAddress.Parse("00:16.0");
    private static readonly PciAddress s_pciBridge = PciAddress.Parse("02:00.0");

    [Fact]
    public void A_plain_card_has_no_findings() => Assert.Empty(Check(Card("00:10.0")));

    [Fact]
    public void A_card_without_reset_is_a_warning() =>
        Assert.Equal(
            (ErrorIds.PciDeviceCannotReset, FindingSeverity.Warning), Single(Card("00:10.0") with { ResetMethods = [] }));

    [Fact]
    public void Functions_of_the_slot_that_dom0_uses_are_named()
    {
        Finding finding = Assert.Single(Check(Card("00:15.0"), Card("00:15.1"), Card("00:10.0")));

        Assert.Equal((ErrorIds.PciSiblingsInDom0, FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("0000:00:15.1 (e1000e)", finding.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pciback")]
    [InlineData(null)]
    public void Functions_of_the_slot_that_dom0_does_not_use_are_no_matter(string? driver) =>
        Assert.Empty(Check(Card("00:15.0"), Card("00:15.1") with { Driver = driver }));

    [Fact]
    public void Conventional_devices_behind_one_PCIe_to_PCI_bridge_must_go_together()
    {
        Finding finding = Assert.Single(Check(Conventional("03:01.0"), [.. Bridges(), Conventional("03:02.0"), Card("00:10.0")]));

        Assert.Equal((ErrorIds.PciPeersBehindBridge, FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("bridge 0000:02:00.0", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("0000:03:02.0 (e1000e)", finding.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("0000:00:10.0", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_without_a_driver_is_named_alone()
    {
        PciDevice peer = Conventional("03:02.0") with { State = PciDeviceState.Unbound, Driver = null };

        Finding finding = Assert.Single(Check(Conventional("03:01.0"), [.. Bridges(), peer]));

        Assert.EndsWith("still with dom0 there: 0000:03:02.0.", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Peers_that_are_assignable_already_are_no_matter() => Assert.Empty(Check(
        Conventional("03:01.0"),
        [.. Bridges(), Conventional("03:02.0") with { State = PciDeviceState.Assignable, Driver = "pciback" }]));

    [Fact]
    public void A_PCI_Express_card_behind_a_root_port_has_no_peers()
    {
        PciDevice card = Card("01:00.0") with { BridgePath = [s_rootPort] };

        Assert.Empty(Check(card, [.. Bridges(), Card("01:01.0") with { BridgePath = [s_rootPort] }]));
    }

    // Before 4.13: only that a bus has devices beyond 0 shows that it is no Express link.
    [Fact]
    public void A_kernel_that_does_not_tell_about_Express_still_shows_a_conventional_bus()
    {
        PciDevice[] host =
        [
            .. Bridges(),
            Conventional("03:01.0"),
            Conventional("03:02.0"),
            Card("01:00.0") with { BridgePath = [s_rootPort] },
        ];
        PciDevice[] all = [.. host.Select(device => device with { IsPciExpress = null })];

        Finding finding = Assert.Single(DeviceChecks.Check(all.Single(device => device.Address == PciAddress.Parse("03:01.0")), all));

        Assert.Equal(ErrorIds.PciPeersBehindBridge, finding.Id);
        Assert.Contains("bridge 0000:02:00.0", finding.Cause, StringComparison.Ordinal);
        Assert.Empty(DeviceChecks.Check(all.Single(device => device.Address == PciAddress.Parse("01:00.0")), all));
    }

    [Fact]
    public void A_page_that_dom0_or_another_domain_has_a_part_of_is_a_warning()
    {
        Finding finding = Assert.Single(Check(
            At("00:1a.0", 0xfe000000),
            At("00:1d.0", 0xfe000400),
            At("00:1e.0", 0xfe000800) with { State = PciDeviceState.Assigned, Driver = "pciback", Domid = 4, Domain = "web" }));

        Assert.Equal((ErrorIds.PciPagesShared, FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("0000:00:1d.0 (e1000e)", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("0000:00:1e.0, which the domain 'web' (domid 4) has", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("pci=resource_alignment=0000:00:1a.0", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_whose_other_functions_are_assignable_too_is_no_matter() => Assert.Empty(Check(
        At("00:1a.0", 0xfe000000), At("00:1d.0", 0xfe000400) with { State = PciDeviceState.Assignable, Driver = "pciback" }));

    [Fact]
    public void A_line_that_dom0_or_another_domain_takes_interrupts_from_is_a_warning()
    {
        Finding finding = Assert.Single(Check(
            OnLine("00:1a.0", 16),
            OnLine("00:1d.0", 16),
            OnLine("00:1e.0", 16) with { State = PciDeviceState.Assigned, Driver = "pciback", Domid = 4, Domain = "web" },
            OnLine("00:1b.0", 17)));

        Assert.Equal((ErrorIds.PciInterruptShared, FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Contains("interrupt line 16", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("0000:00:1d.0 (e1000e)", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("0000:00:1e.0, which the domain 'web' (domid 4) has", finding.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("0000:00:1b.0", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_whose_other_functions_are_assignable_or_have_no_driver_is_no_matter() => Assert.Empty(Check(
        OnLine("00:1a.0", 16),
        OnLine("00:1d.0", 16) with { State = PciDeviceState.Assignable, Driver = "pciback" },
        OnLine("00:1e.0", 16) with { State = PciDeviceState.Unbound, Driver = null }));

    [Fact]
    public void What_goes_in_one_command_is_not_held_against_each_other()
    {
        PciDevice one = At("03:01.0", 0xfe000000) with
        {
            Irq = 16,
            UsesMsi = false,
            IsPciExpress = false,
            BridgePath = [s_rootPort, s_pciBridge],
        };
        PciDevice two = one with { Address = PciAddress.Parse("03:01.1") };
        PciDevice[] all = [.. Bridges(), one, two];

        Assert.Equal(
            [ErrorIds.PciPeersBehindBridge, ErrorIds.PciPagesShared, ErrorIds.PciInterruptShared],
            DeviceChecks.Check(one, all).Select(finding => finding.Id));
        Assert.Empty(DeviceChecks.Check(one, all, [one.Address, two.Address]));
    }

    [Fact]
    public void A_physical_function_whose_virtual_one_a_domain_has_is_refused()
    {
        PciDevice card = Card("05:00.0") with { VirtualFunctions = [PciAddress.Parse("05:10.0")] };
        PciDevice virtualOne = Card("05:10.0") with { State = PciDeviceState.Assigned, Domid = 4, Domain = "web" };

        Finding finding = Check(card, virtualOne).Single(f => f.Severity == FindingSeverity.Error);

        Assert.Equal((ErrorIds.PciDeviceInUseByDomain, ErrorKind.InUse), (finding.Id, finding.Kind));
        Assert.Contains("0000:05:10.0, which is in use by the domain 'web' (domid 4)", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_physical_function_whose_virtual_ones_nobody_has_is_not_in_use()
    {
        PciDevice card = Card("05:00.0") with { VirtualFunctions = [PciAddress.Parse("05:10.0")] };

        Assert.DoesNotContain(
            Check(card, Card("05:10.0"), Card("06:00.0") with { State = PciDeviceState.Assigned }),
            finding => finding.Id == ErrorIds.PciDeviceInUseByDomain);
    }

    [Fact]
    public void Virtual_functions_that_vanish_with_the_driver_are_a_warning() =>
        Assert.Equal(
            (ErrorIds.PciVirtualFunctionsVanish, FindingSeverity.Warning),
            Single(Card("05:00.0") with { VirtualFunctions = [PciAddress.Parse("05:10.0")] }));

    [Fact]
    public void A_physical_function_is_refused_together_with_a_virtual_one_that_vanishes_with_its_driver()
    {
        PciDevice card = Card("05:00.0") with { VirtualFunctions = [PciAddress.Parse("05:10.0"), PciAddress.Parse("05:10.2")] };
        PciDevice virtualOne = Card("05:10.2");

        Finding finding = DeviceChecks.Check(card, [card, virtualOne], [card.Address, virtualOne.Address])
            .Single(f => f.Id == ErrorIds.PciVirtualFunctionsVanish);

        Assert.Equal(
            (FindingSeverity.Error, ErrorKind.InvalidArgument, false), (finding.Severity, finding.Kind, finding.YieldsToForce));
        Assert.Contains("0000:05:10.2 is a virtual function of 0000:05:00.0", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void What_dom0_merely_uses_is_no_finding() => Assert.Empty(Check(
        Card("00:10.0") with { UsedBy = [new PciUse(PciUseKind.Network, "eth1", "down", IsVital: false)] }));

    [Fact]
    public void What_dom0_lives_on_is_refused_unless_forced()
    {
        PciUse disk = new(PciUseKind.Block, "sda1", "mounted at /", IsVital: true);
        PciUse link = new(PciUseKind.Network, "eth1", "down", IsVital: false);

        Finding finding = Assert.Single(Check(Card("00:10.0") with { UsedBy = [link, disk] }));

        Assert.Equal(
            (ErrorIds.PciDeviceVitalToDom0, FindingSeverity.Error, ErrorKind.InUse, true),
            (finding.Id, finding.Severity, finding.Kind, finding.YieldsToForce));
        Assert.Contains("sda1", finding.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("eth1", finding.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x060700)]
    [InlineData(0x060400)]
    [InlineData(0x060900)]
    public void Every_sort_of_bridge_is_refused(int classCode) => Refused(
        ErrorIds.PciDeviceIsBridge, ErrorKind.InvalidArgument, "BridgePath", Card("00:1e.0") with { ClassCode = classCode });

    // A header of type 1, whatever its class says.
    [Fact]
    public void A_bridge_of_another_class_is_refused() => Refused(
        ErrorIds.PciDeviceIsBridge, ErrorKind.InvalidArgument, "BridgePath", Card("00:1e.0") with { IsBridge = true });

    [Fact]
    public void The_host_bridge_is_refused_as_what_it_is() => Refused(
        ErrorIds.PciDeviceIsHostBridge,
        ErrorKind.InvalidArgument,
        "Get-XenPciDevice",
        Card("00:00.0") with { IsHostBridge = true, ClassCode = 0x060000 });

    [Fact]
    public void What_a_domain_has_is_refused_with_its_name()
    {
        PciDevice device = Card("00:10.0") with { State = PciDeviceState.Assigned, Driver = "pciback", Domid = 4, Domain = "web" };

        Finding finding = Refused(ErrorIds.PciDeviceInUseByDomain, ErrorKind.InUse, "xl pci-detach", device);

        Assert.Equal("0000:00:10.0 is in use by the domain 'web' (domid 4).", finding.Cause);
        Assert.Equal(finding, DeviceChecks.FindUser(device));
    }

    [Fact]
    public void A_domain_without_a_name_is_known_by_its_number() => Assert.Contains(
        "in use by the domain with domid 4",
        DeviceChecks.FindUser(Card("00:10.0") with { State = PciDeviceState.Assigned, Domid = 4 })!.Cause,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(PciDeviceState.Host)]
    [InlineData(PciDeviceState.Assignable)]
    public void What_no_domain_has_has_no_user(PciDeviceState state) =>
        Assert.Null(DeviceChecks.FindUser(Card("00:10.0") with { State = state }));

    private static PciDevice Card(string address) => new()
    {
        Dom0 = "dom0",
        Address = PciAddress.Parse(address),
        ClassCode = 0x020000,
        Driver = "e1000e",
        IsPciExpress = true,
        ResetMethods = ["flr"],
    };

    private static PciDevice Conventional(string address) =>
        Card(address) with { IsPciExpress = false, BridgePath = [s_rootPort, s_pciBridge] };

    private static PciDevice At(string address, ulong registers) =>
        Card(address) with { Bars = [new PciBar(0, registers, 0x400, 0x40200)] };

    private static PciDevice OnLine(string address, int irq) => Card(address) with { Irq = irq, UsesMsi = false };

    private static PciDevice[] Bridges() =>
    [
        Card("00:16.0") with { IsBridge = true, ClassCode = 0x060400, Driver = "pcieport" },
        Card("02:00.0") with { IsBridge = true, ClassCode = 0x060400, Driver = null, BridgePath = [s_rootPort] },
    ];

    // Whatever is found names the device and says what to do.
    private static IReadOnlyList<Finding> Check(PciDevice device, params PciDevice[] others)
    {
        IReadOnlyList<Finding> findings = DeviceChecks.Check(device, [device, .. others]);
        Assert.All(findings, finding => Assert.Contains($"{device.Address}", finding.Cause, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.EndsWith(".", finding.Remedy, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.Equal<object?>(device.Address, finding.Subject));
        return findings;
    }

    private static Finding Refused(string id, ErrorKind kind, string remedy, PciDevice device)
    {
        Finding finding = Assert.Single(Check(device));
        Assert.Equal(
            (id, FindingSeverity.Error, kind, (object)device.Address, false),
            (finding.Id, finding.Severity, finding.Kind, finding.Subject, finding.YieldsToForce));
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
        return finding;
    }

    private static (string Id, FindingSeverity Severity) Single(PciDevice device)
    {
        Finding finding = Assert.Single(Check(device));
        return (finding.Id, finding.Severity);
    }
}
