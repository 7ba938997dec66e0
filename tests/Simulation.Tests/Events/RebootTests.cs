using XenDriverDomain.Assignment;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.Simulation.Tests.Descriptions;
using XenDriverDomain.Simulation.Tests.WholeHost;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Tests.Events;

/// <summary>A simulated host that boots again.</summary>
public sealed class RebootTests
{
    private const string Machine = """
        @{
            Cards  = @(
                @{ Address = '00:1f.2'; Model = 'AHCI'; Disks = @{ Name = 'sda'; Mounts = '/' } },
                @{ Address = '01:00.0'; Model = 'I210' },
                @{ Address = '02:00.0'; Model = 'I210' },
                @{ Address = '03:00.0'; Model = '82574L' }
            )
            Guests = @{ Name = 'netdd'; Cards = '01:00.0' }
        }
        """;

    private readonly SilentReporter _reporter = new();

    [Fact]
    public async Task No_domain_and_no_record_is_left_files_are_and_the_session_goes_on()
    {
        await using DescribedHost host = DescribedHost.Of(Machine);
        host.Dom0.WriteFile("/etc/motd", "kept\n");
        host.Dom0.WriteFile("/run/motd", "not kept\n");
        host.Run("xenstore-write /tool/note here");
        string boot = host.Run("cat /proc/sys/kernel/random/boot_id");
        IXenStoreClient store = await host.Session.Dom0.GetXenStoreAsync(default);
        Assert.NotNull(await store.TryReadAsync(XenStorePath.Parse("/tool/note"), default));

        host.Dom0.Reboot();

        Assert.DoesNotContain("netdd", host.Run("xl list"), StringComparison.Ordinal);
        Assert.Equal("kept\n", host.Run("cat /etc/motd"));
        Assert.NotEqual(0, host.Dom0.Run("cat /run/motd").ExitCode);
        Assert.NotEqual(boot, host.Run("cat /proc/sys/kernel/random/boot_id"));
        store = await host.Session.Dom0.GetXenStoreAsync(default);
        Assert.Null(await store.TryReadAsync(XenStorePath.Parse("/tool/note"), default));
        Assert.Equal("igb", (await host.Session.Pci.GetAsync(PciAddress.Parse("01:00.0"), default)).Driver);
        Assert.Contains(await host.Session.DriverDomains.ListAsync(default), domain => domain is { Name: "netdd", Domid: null });

        // And what is there can be used as before.
        Assert.Equal(0, host.Dom0.Run("xl pci-assignable-add 01:00.0").ExitCode);
        Assert.Equal(0, host.Dom0.Run("xl create /etc/xen/driver-domains/netdd.cfg").ExitCode);
    }

    [Theory]
    [InlineData(BootLoader.Modprobe)]
    [InlineData(BootLoader.Grub2)]
    public async Task What_is_hidden_for_the_next_boot_is_pcibacks_after_it(BootLoader loader)
    {
        await using DescribedHost host = DescribedHost.Of(Machine);
        PciAddress card = PciAddress.Parse("02:00.0");
        PlannedChange<IReadOnlyList<PciDevice>> change = await host.Session.HeardBy(_reporter).AtBoot.PlanAddAsync(
            [card], loader == BootLoader.Modprobe ? new AtBootOptions() : new AtBootOptions { BootLoader = loader }, default);
        await change.Plan.RunAsync(host.Session.HeardBy(_reporter).Hand, default);
        Assert.Equal(PciDeviceState.Host, (await host.Session.Pci.GetAsync(card, default)).State);

        host.Dom0.Reboot();

        Assert.Equal((PciDeviceState.Assignable, PcibackPaths.DriverName), await StateAsync(host, "02:00.0"));
        Assert.Equal((PciDeviceState.Host, "igb"), await StateAsync(host, "01:00.0"));
        Assert.Equal((PciDeviceState.Host, "e1000e"), await StateAsync(host, "03:00.0"));
    }

    [Fact]
    public async Task A_driver_that_does_not_wait_for_pciback_has_its_card_first()
    {
        await using DescribedHost host = DescribedHost.Of(Machine);
        host.Dom0.WriteFile("/etc/modprobe.d/xen-pciback.conf", "options xen-pciback hide=(02:00.0)\n");

        host.Dom0.Reboot();

        Assert.Equal("igb", (await StateAsync(host, "02:00.0")).Driver);
    }

    [Fact]
    public async Task A_card_that_was_pulled_out_stays_out_and_a_cable_as_well()
    {
        await using DescribedHost host = DescribedHost.Of(Machine);
        host.Dom0.Unplug("02:00.0");
        host.Dom0.LinkDown("03:00.0");

        host.Dom0.Reboot();

        Assert.Null(await host.Session.Pci.TryGetAsync(PciAddress.Parse("02:00.0"), default));
        host.Dom0.Plug("02:00.0");
        Assert.NotNull(await host.Session.Pci.TryGetAsync(PciAddress.Parse("02:00.0"), default));
        host.Dom0.LinkUp("03:00.0");
    }

    [Fact]
    public async Task A_fault_of_the_machine_holds_from_the_next_boot_on()
    {
        await using DescribedHost host = DescribedHost.Of(Machine);
        host.Dom0.AddFault("no-iommu");
        Assert.Contains("hvm_directio", host.Run("xl info"), StringComparison.Ordinal);

        host.Dom0.Reboot();
        Assert.DoesNotContain("hvm_directio", host.Run("xl info"), StringComparison.Ordinal);

        host.Dom0.RemoveFault("no-iommu");
        host.Dom0.Reboot();
        Assert.Contains("hvm_directio", host.Run("xl info"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ran_when_the_host_booted_has_lost_its_connection()
    {
        await using DescribedHost host = DescribedHost.Of("@{ Faults = 'xl:list:hang' }");
        Task<XenDriverDomainException> hanging = Assert.ThrowsAsync<XenDriverDomainException>(
            () => host.Dom0.RunAsync("xl", "list"));

        host.Dom0.Reboot();

        Assert.Equal(ErrorIds.ConnectionLost, (await hanging).ErrorId);
        host.Dom0.RemoveFault("xl:list:hang");
        Assert.Contains("Domain-0", host.Run("xl list"), StringComparison.Ordinal);
    }

    private static async Task<(PciDeviceState State, string? Driver)> StateAsync(DescribedHost host, string address)
    {
        PciDevice card = await host.Session.Pci.GetAsync(PciAddress.Parse(address), default);
        return (card.State, card.Driver);
    }
}
