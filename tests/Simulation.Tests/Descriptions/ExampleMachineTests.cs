using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Backends;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Tests.WholeHost;

namespace XenDriverDomain.Simulation.Tests.Descriptions;

/// <summary>The machines that come with the module: each shows what its comment says.</summary>
public sealed class ExampleMachineTests
{
    private readonly SilentReporter _reporter = new();

    public static TheoryData<string> Names() => new(
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "machines"))
            .Select(file => Path.GetFileNameWithoutExtension(file)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_says_in_its_first_line_what_is_special_and_has_names_for_all_its_cards(string name)
    {
        Assert.Matches("^# [A-Z].{20,}", File.ReadLines(Path.Combine(AppContext.BaseDirectory, "machines", name + ".psd1")).First());
        await using DescribedHost host = DescribedHost.Named(name);

        IReadOnlyList<PciDevice> all = await host.Session.Pci.ListAsync(default);

        Assert.All(all, card => Assert.DoesNotContain("0x", card.DeviceName, StringComparison.Ordinal));
        Assert.Contains("control_d", host.Run("cat /proc/xen/capabilities"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_laptops_only_wired_card_cannot_be_taken_since_dom0_lives_on_it()
    {
        await using DescribedHost host = DescribedHost.Named("laptop");

        Assert.Contains(ErrorIds.PciDeviceVitalToDom0, await host.FindingsAsync("00:1f.6"));
        Assert.Equal(ErrorIds.PciDeviceVitalToDom0, (await RefusalAsync(host, "00:1f.6")).ErrorId);
        Assert.Empty(await host.FindingsAsync("02:00.0"));

        // What follows when somebody does it all the same: dom0 has no address any more.
        await AddAsync(host, "00:1f.6", new AddAssignableOptions { Force = true });
        Assert.DoesNotContain("eno1", host.Run("ls /sys/class/net"), StringComparison.Ordinal);
        Assert.DoesNotContain("eno1", host.Run("ls /sys/class/net/xenbr0/brif"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_warns_of_a_cards_other_port_and_of_virtual_functions_that_vanish()
    {
        await using DescribedHost host = DescribedHost.Named("server");

        Assert.Equal([ErrorIds.PciSiblingsInDom0], await host.FindingsAsync("01:00.0"));
        Assert.Equal([ErrorIds.PciVirtualFunctionsVanish], await host.FindingsAsync("03:00.0"));
        IReadOnlyList<PciDevice> all = await host.Session.Pci.ListAsync(default);
        Assert.Equal(
            ["0000:04:10.0", "0000:04:10.4", "0000:04:11.0", "0000:04:11.4"],
            all.Single(one => one.Address == PciAddress.Parse("03:00.0")).VirtualFunctions.Select(one => one.ToString()));
        Assert.Equal("igbvf", all.Single(one => one.Address == PciAddress.Parse("04:10.4")).Driver);

        // One of them is taken while the physical one stays.
        Assert.Equal(PciDeviceState.Assignable, (await AddAsync(host, "04:10.4")).State);
    }

    [Fact]
    public async Task Without_an_IOMMU_no_card_is_taken()
    {
        await using DescribedHost host = DescribedHost.Named("no-iommu");

        Assert.Equal(ErrorIds.NoIommu, (await RefusalAsync(host, "02:00.0")).ErrorId);
    }

    [Fact]
    public async Task Of_the_vintage_machine_no_card_behind_the_bridge_is_reset_or_told_from_its_neighbours()
    {
        await using DescribedHost host = DescribedHost.Named("vintage");

        string[] findings = await host.FindingsAsync("05:02.0");
        Assert.Contains(ErrorIds.PciDeviceCannotReset, findings);
        Assert.Contains(ErrorIds.PciPeersBehindBridge, findings);
        Assert.Contains("xen_version            : 4.1.6", host.Run("xl info"), StringComparison.Ordinal);
        PciDevice card = await host.Session.Pci.GetAsync(PciAddress.Parse("05:02.0"), default);
        Assert.Equal("0000:00:1e.0", Assert.Single(card.BridgePath).ToString());

        // At the next boot it goes by menu.lst.
        PlannedChange<IReadOnlyList<PciDevice>> change = await host.Session.HeardBy(_reporter).AtBoot.PlanAddAsync(
            [card.Address], new AtBootOptions { BootLoader = BootLoader.GrubLegacy }, default);
        await change.Plan.RunAsync(host.Session.HeardBy(_reporter).Hand, default);
        Assert.Contains("hide=(0000:05:02.0)", host.Run("cat /boot/grub/menu.lst"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_twins_differ_in_address_interface_and_MAC_only()
    {
        await using DescribedHost host = DescribedHost.Named("twins");

        PciDevice one = await host.Session.Pci.GetAsync(PciAddress.Parse("01:00.0"), default);
        PciDevice other = await host.Session.Pci.GetAsync(PciAddress.Parse("02:00.0"), default);
        static object Ids(PciDevice card) => (
            card.VendorId, card.DeviceId, card.SubsystemVendorId, card.SubsystemDeviceId, card.Revision, card.ClassCode, card.Driver,
            card.DeviceName);
        Assert.Equal(Ids(one), Ids(other));
        Assert.NotEqual(Assert.Single(one.UsedBy).Name, Assert.Single(other.UsedBy).Name);

        // An address means one of them.
        await AddAsync(host, "01:00.0");
        Assert.Equal(PciDeviceState.Host, (await host.Session.Pci.GetAsync(other.Address, default)).State);

        // What goes by vendor and device means both: the driver takes them back together.
        host.Run("rmmod e1000e");
        Assert.Null((await host.Session.Pci.GetAsync(other.Address, default)).Driver);
    }

    [Fact]
    public async Task The_controller_of_the_storage_servers_root_is_refused_and_that_of_its_data_is_not()
    {
        await using DescribedHost host = DescribedHost.Named("storage");

        XenDriverDomainException refusal = await RefusalAsync(host, "01:00.0");
        Assert.Equal(ErrorIds.PciDeviceVitalToDom0, refusal.ErrorId);
        Assert.Contains("sda", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(PciDeviceState.Assignable, (await AddAsync(host, "02:00.0")).State);
    }

    [Fact]
    public async Task On_the_crashed_host_one_vif_has_a_stopped_back_end_and_one_is_an_orphan()
    {
        await using DescribedHost host = DescribedHost.Named("crashed");

        IReadOnlyList<GuestVif> vifs = await host.Session.Vifs.ListAsync(default);
        GuestVif web = vifs.Single(vif => vif.Guest == "web1"), db = vifs.Single(vif => vif.Guest == "db1");
        Assert.Equal((VifStatus.Failed, ErrorIds.VifBackendStopped), (web.Status, web.ErrorId));
        Assert.Equal((VifStatus.Orphaned, ErrorIds.VifBackendGone), (db.Status, db.ErrorId));
        IReadOnlyList<DomainInfo> domains = await host.Session.Domains.ListAsync(default);
        Assert.Equal(DomainState.Crashed, domains.Single(domain => domain.Name == "netdd").State);
        Assert.DoesNotContain(domains, domain => domain.Name == "olddd");
    }

    [Fact]
    public async Task Of_cards_that_share_a_line_and_a_page_both_are_told()
    {
        await using DescribedHost host = DescribedHost.Named("shared-line");

        Assert.Equal([ErrorIds.PciPagesShared, ErrorIds.PciInterruptShared], await host.FindingsAsync("00:1a.0"));
        Assert.DoesNotContain(ErrorIds.PciPagesShared, await host.FindingsAsync("01:00.0"));
        Assert.Contains(ErrorIds.PciInterruptShared, await host.FindingsAsync("01:00.0"));
    }

    [Fact]
    public async Task The_controller_of_the_only_keyboard_is_refused_and_the_free_one_is_not()
    {
        await using DescribedHost host = DescribedHost.Named("usb");

        XenDriverDomainException refusal = await RefusalAsync(host, "00:14.0");
        Assert.Equal(ErrorIds.PciDeviceVitalToDom0, refusal.ErrorId);
        Assert.Contains("keyboard", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await host.FindingsAsync("01:00.0"));
    }

    [Fact]
    public async Task A_controller_with_shared_reserved_memory_goes_to_a_domain_only_when_that_is_put_up_with()
    {
        await using DescribedHost host = DescribedHost.Named("usb");
        await AddAsync(host, "00:1d.0");
        host.Dom0.WriteFile("/etc/xen/usbdd.cfg", """
            name = "usbdd"
            kernel = "/root/vmlinuz"
            memory = 128
            pci = [ "00:1d.0" ]

            """);

        Assert.Contains("Operation not permitted", host.Dom0.Run("xl create /etc/xen/usbdd.cfg").StandardError, StringComparison.Ordinal);

        host.Dom0.WriteFile("/etc/xen/usbdd.cfg", host.Run("cat /etc/xen/usbdd.cfg").Replace(
            "00:1d.0", "00:1d.0,rdm_policy=relaxed", StringComparison.Ordinal));
        Assert.Equal(0, host.Dom0.Run("xl create /etc/xen/usbdd.cfg").ExitCode);
    }

    [Fact]
    public async Task On_the_Qubes_like_host_sys_net_serves_and_dom0_has_no_network()
    {
        await using DescribedHost host = DescribedHost.Named("qubes");

        Assert.Equal("lo", host.Run("ls /sys/class/net").Trim());
        IReadOnlyList<GuestVif> vifs = await host.Session.Vifs.ListAsync(default);
        Assert.Equal(["personal", "work"], vifs.Select(vif => vif.Guest).Order(StringComparer.Ordinal));
        Assert.All(vifs, vif => Assert.Equal((VifStatus.Connected, "sys-net"), (vif.Status, vif.Backend)));
        IReadOnlyList<DriverDomain> servers = await host.Session.HeardBy(_reporter).DriverDomains.ListAsync(default);
        Assert.Equal(["sys-net", "sys-usb"], servers.Select(one => one.Name));
        Assert.Equal(ReadinessState.Serving, servers[0].Readiness);
        Assert.Equal(DomainType.HVM, servers[0].Type);
    }

    private async Task<PciDevice> AddAsync(DescribedHost host, string address, AddAssignableOptions? options = null)
    {
        PlannedChange<PciDevice> change = await host.Session.HeardBy(_reporter).Assignments.PlanAddAsync(
            PciAddress.Parse(address), options ?? new AddAssignableOptions(), default);
        await change.Plan.RunAsync(host.Session.HeardBy(_reporter).Hand, default);
        return await change.ReadBackAsync(default);
    }

    private Task<XenDriverDomainException> RefusalAsync(DescribedHost host, string address) =>
        Assert.ThrowsAnyAsync<XenDriverDomainException>(() => host.Session.HeardBy(_reporter).Assignments.PlanAddAsync(
            PciAddress.Parse(address), new AddAssignableOptions(), default));
}
