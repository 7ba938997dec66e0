using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Checks;
using XenDriverDomain.Errors;
using XenDriverDomain.Tests.Support;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Tests.Checks;

public class HostInspectorTests
{
    private const string XlPath = "/usr/sbin/xl";

    private const string Info = """
        host                   : dom0
        release                : 6.1.0-56-amd64
        virt_caps              : pv hvm hap hvm_directio pv_directio
        total_memory           : 4095
        free_memory            : 2852
        xen_major              : 4
        xen_minor              : 17
        xen_extra              : .7
        xen_version            : 4.17.7
        """;

    [Fact]
    public async Task A_Xen_host_shows_what_it_is_and_can()
    {
        HostFacts facts = await InspectAsync(XenHost(), new ScriptedCommands().On(XlPath, Info), new StoreAtHand());

        Assert.Equal(
            new HostFacts
            {
                Dom0 = "dom0",
                HostName = "box",
                XenVersion = "4.17.7",
                KernelVersion = "6.1.0-56-amd64",
                IsControlDomain = true,
                HasIommu = true,
                HasPciback = true,
                XlPath = XlPath,
                HasXenStore = true,
                FreeMemoryMB = 2852,
                TotalMemoryMB = 4095,
            },
            facts);
    }

    [Fact]
    public async Task A_machine_without_Xen_is_described_as_well()
    {
        MemoryFiles files = new MemoryFiles().Put("/proc/sys/kernel/hostname", "laptop\n").Put("/proc/sys/kernel/osrelease", "6.12\n");

        HostFacts facts = await InspectAsync(files, new ScriptedCommands(), null);

        Assert.Equal(new HostFacts { Dom0 = "dom0", HostName = "laptop", KernelVersion = "6.12" }, facts);
    }

    [Fact]
    public async Task Without_an_IOMMU_that_is_a_fact_and_without_virt_caps_it_is_unknown()
    {
        string none = Info.Replace(" hvm_directio pv_directio", string.Empty, StringComparison.Ordinal);
        Assert.False((await InspectAsync(XenHost(), new ScriptedCommands().On(XlPath, none), new StoreAtHand())).HasIommu);

        string silent = Info.Replace("virt_caps", "other_caps", StringComparison.Ordinal);
        Assert.Null((await InspectAsync(XenHost(), new ScriptedCommands().On(XlPath, silent), new StoreAtHand())).HasIommu);
    }

    [Fact]
    public async Task A_guest_is_not_taken_for_the_control_domain()
    {
        MemoryFiles files = XenHost().Put("/proc/xen/capabilities", string.Empty);

        Assert.False((await InspectAsync(files, new ScriptedCommands(), null)).IsControlDomain);
    }

    [Fact]
    public async Task Without_xenfs_it_is_the_control_domain_when_xl_works()
    {
        Assert.True((await InspectAsync(WithoutXenfs(), new ScriptedCommands().On(XlPath, Info), null)).IsControlDomain);
        Assert.False((await InspectAsync(WithoutXenfs(), new ScriptedCommands(), null)).IsControlDomain);
    }

    [Fact]
    public async Task A_xenstored_that_does_not_answer_is_none_after_ten_seconds()
    {
        ManualTimeProvider time = new();
        Dom0 dom0 = new(
            "dom0",
            XenHost(),
            new ScriptedCommands(),
            null!,
            async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                throw new InvalidOperationException();
            },
            time);

        Task<HostFacts> inspecting = new HostInspector(dom0, new XlTool(dom0)).InspectAsync(default);
        await time.WhenArmedAsync();
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.False((await inspecting).HasXenStore);
    }

    // sysfs shows "(null)" for a parameter that nobody set.
    [Theory]
    [InlineData("(00:11.0)\n", "(00:11.0)")]
    [InlineData("(null)\n", "(00:10.0)")]
    [InlineData("\n", "(00:10.0)")]
    [InlineData(null, "(00:10.0)")]
    public async Task What_pciback_hides_is_what_the_module_was_told_or_what_the_kernel_was(string? ofModule, string expected)
    {
        MemoryFiles files = XenHost().Put("/proc/cmdline", "root=/dev/sda1 xen-pciback.hide=(00:10.0) quiet\n");
        if (ofModule is not null)
        {
            files.Put("/sys/module/xen_pciback/parameters/hide", ofModule);
        }

        HostFacts facts = await InspectAsync(files, new ScriptedCommands(), null);

        Assert.Equal((expected, null), (facts.PcibackHide, facts.PcibackHideError));
    }

    [Fact]
    public async Task A_lost_connection_is_an_error_not_a_fact()
    {
        XenDriverDomainException lost = new(ErrorIds.ConnectionLost, ErrorKind.Connection, "Lost.", "Connect again.");

        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(
            () => InspectAsync(XenHost(), new ScriptedCommands().On("xl", _ => throw lost), new StoreAtHand()));

        Assert.Equal(ErrorIds.ConnectionLost, error.ErrorId);
    }

    [Theory]
    [InlineData("control_d\n", null, true)]
    [InlineData("", "0", false)]
    [InlineData(null, "0", true)]
    [InlineData(null, "3", false)]
    [InlineData(null, "", false)]
    [InlineData(null, null, false)]
    public async Task A_dom0_is_known_by_its_capabilities_and_without_xenfs_by_its_number(
        string? capabilities, string? domid, bool expected)
    {
        MemoryFiles files = new();
        if (capabilities is not null)
        {
            files.Put("/proc/xen/capabilities", capabilities);
        }

        // What asks has the connection of the domain that it is in.
        StoreAtHand? store = domid is null ? null : new StoreAtHand();
        int home = domid is { Length: > 0 } ? int.Parse(domid, CultureInfo.InvariantCulture) : 0;
        if (domid is { Length: > 0 })
        {
            store!.Domain(home, "some").Node($"/local/domain/{home}/domid", domid);
            store.Server.SetPermissions(0, $"/local/domain/{home}/domid", [new(XenStoreAccess.None, 0), new(XenStoreAccess.Read, home)]);
        }

        Assert.Equal(expected, await Inspector(files, new ScriptedCommands(), store, home).IsControlDomainAsync(default));
    }

    private static MemoryFiles XenHost() => WithoutXenfs().Put("/proc/xen/capabilities", "control_d\n");

    private static MemoryFiles WithoutXenfs() => new MemoryFiles()
        .Put(XlPath, "\x7f" + "ELF").Put("/proc/sys/kernel/hostname", "box\n")
        .Put("/proc/sys/kernel/osrelease", "6.1.0-56-amd64\n").Put("/sys/hypervisor/type", "xen\n")
        .Put("/sys/hypervisor/version/major", "4\n").Put("/sys/hypervisor/version/minor", "17\n")
        .Put("/sys/hypervisor/version/extra", ".7\n").MakeDirectory("/sys/bus/pci/drivers/pciback");

    private static Task<HostFacts> InspectAsync(MemoryFiles files, ScriptedCommands commands, StoreAtHand? store) =>
        Inspector(files, commands, store).InspectAsync(default);

    private static HostInspector Inspector(MemoryFiles files, ScriptedCommands commands, StoreAtHand? store, int home = 0)
    {
        Dom0 dom0 = new(
            "dom0",
            files,
            commands,
            null!,
            (_, _) => store is null
                ? throw new XenDriverDomainException(ErrorIds.XenStoreUnavailable, ErrorKind.NotInstalled, "None.", "Start it.")
                : store.ConnectAsync(home),
            TimeProvider.System);
        return new HostInspector(dom0, new XlTool(dom0));
    }
}
