using XenDriverDomain.Errors;
using XenDriverDomain.Kernels;
using static XenDriverDomain.Kernels.KernelRole;

namespace XenDriverDomain.Tests.Kernels;

public class KernelChecksTests
{
    private static string Debian => Recorded("debian12");

    private static string Classic => Recorded("2.6.18-xen");

    [Fact]
    public async Task Debians_kernel_fits_every_role_and_its_modules_are_named_that_must_be_loaded()
    {
        IReadOnlyList<KernelFinding> findings = await KernelHost.With(Debian).JudgeAsync(Enum.GetValues<KernelRole>());
        Assert.All(
            findings, f => Assert.Equal((ErrorIds.KernelOptionIsModule, FindingSeverity.Information, "m"), (f.Id, f.Severity, f.Found)));
        Assert.Equal(
            [
                (Dom0, "CONFIG_XEN_PCIDEV_BACKEND"), (PvDriverDomain, "CONFIG_XEN_PCIDEV_FRONTEND"),
                (NetworkBackend, "CONFIG_XEN_NETDEV_BACKEND"),
                (DiskBackend, "CONFIG_XEN_BLKDEV_BACKEND"), (KernelRole.Guest, "CONFIG_XEN_NETDEV_FRONTEND"),
                (KernelRole.Guest, "CONFIG_XEN_BLKDEV_FRONTEND"),
            ],
            findings.Select(f => (f.Role, f.Option)));
        Assert.Contains("hide=", findings[0].Remedy, StringComparison.Ordinal);
        Assert.All(
            findings, f => Assert.Equal(("here", KernelHost.Config, KernelHost.Config, "6.1.192"), (f.Dom0, f.Path, f.File, f.Kernel)));
        Assert.Equal($"{findings[0].Option}=m", Debian.Split('\n')[findings[0].Line!.Value - 1]);
    }

    public static TheoryData<KernelRole, string> Needed => new()
    {
        { Dom0, "XEN" }, { Dom0, "PCI" }, { Dom0, "XEN_DOM0" }, { Dom0, "XEN_BACKEND" }, { Dom0, "XEN_PCIDEV_BACKEND" },
        { Dom0, "XEN_PRIVCMD" },
        { Dom0, "XEN_DEV_EVTCHN" }, { Dom0, "XEN_GNTDEV" }, { Dom0, "XENFS" },
        { PvDriverDomain, "XEN" }, { PvDriverDomain, "XEN_PV" }, { PvDriverDomain, "XEN_PCIDEV_FRONTEND" }, { PvDriverDomain, "PCI_XEN" },
        { PvDriverDomain, "XEN_XENBUS_FRONTEND" }, { PvDriverDomain, "SWIOTLB_XEN" }, { PvDriverDomain, "XEN_PRIVCMD" },
        { HvmDriverDomain, "XEN_PVHVM_GUEST" }, { HvmDriverDomain, "PCI" }, { HvmDriverDomain, "XEN_PRIVCMD" },
        { NetworkBackend, "XEN_BACKEND" }, { NetworkBackend, "XEN_NETDEV_BACKEND" },
        { DiskBackend, "XEN_BACKEND" }, { DiskBackend, "XEN_BLKDEV_BACKEND" },
        { KernelRole.Guest, "XEN_NETDEV_FRONTEND" }, { KernelRole.Guest, "XEN_BLKDEV_FRONTEND" },
    };

    [Theory]
    [MemberData(nameof(Needed))]
    public async Task A_role_is_not_to_be_had_without(KernelRole role, string option)
    {
        string[] kept = [.. Debian.Split('\n').Where(l => !l.StartsWith($"CONFIG_{option}=", StringComparison.Ordinal))];
        foreach (string config in new[] { Unset(Debian, option), string.Join('\n', kept) })
        {
            KernelFinding finding = Assert.Single(await KernelHost.With(config).JudgeAsync(role), f => f.Severity == FindingSeverity.Error);
            Assert.Equal((ErrorIds.KernelOptionMissing, "CONFIG_" + option, role), (finding.Id, finding.Option, finding.Role));
            Assert.Equal(config.Contains("CONFIG_" + option + " is not set", StringComparison.Ordinal), finding.Line is not null);
            Assert.Equal(finding.Line is null ? null : "n", finding.Found);
            Assert.Contains($"CONFIG_{option}=", finding.Remedy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Dom0, "XEN_SYS_HYPERVISOR")]
    [InlineData(Dom0, "XEN_COMPAT_XENFS")]
    [InlineData(NetworkBackend, "BRIDGE")]
    [InlineData(DiskBackend, "BLK_DEV_LOOP")]
    [InlineData(HvmDriverDomain, "HOTPLUG_PCI_ACPI")]
    [InlineData(KernelRole.Guest, "XEN_PVHVM_GUEST")]
    public async Task A_role_is_to_be_had_with_less_without(KernelRole role, string option)
    {
        IReadOnlyList<KernelFinding> findings = await KernelHost.With(Unset(Debian, option)).JudgeAsync(role);
        Assert.Equal("CONFIG_" + option, Assert.Single(findings, f => f.Severity == FindingSeverity.Warning).Option);
        Assert.DoesNotContain(findings, f => f.Severity == FindingSeverity.Error);
    }

    [Fact]
    public async Task A_kernel_for_guests_only_lacks_the_back_ends_and_the_default_is_named_that_did_it()
    {
        string config = Unset(Unset(Debian, "XEN_DOM0"), "XEN_BACKEND").Replace(
            "CONFIG_XEN_NETDEV_BACKEND=m\n", "", StringComparison.Ordinal);
        IReadOnlyList<KernelFinding> findings = await KernelHost.With(config).JudgeAsync(NetworkBackend);
        Assert.Equal(["CONFIG_XEN_BACKEND", "CONFIG_XEN_NETDEV_BACKEND"], findings.Select(f => f.Option));
        Assert.Contains("default is the value of CONFIG_XEN_DOM0", findings[0].Cause, StringComparison.Ordinal);
        Assert.Contains("CONFIG_XEN_BACKEND, on which it depends", findings[1].Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "default is", (await KernelHost.With(Unset(Debian, "XEN_BACKEND")).JudgeAsync(NetworkBackend))[0].Cause,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bool_that_is_m_is_not_built_in()
    {
        KernelFinding finding = Assert.Single(
            await KernelHost.With(Debian.Replace("CONFIG_PCI_XEN=y", "CONFIG_PCI_XEN=m", StringComparison.Ordinal))
                .JudgeAsync(PvDriverDomain),
            f => f.Severity == FindingSeverity.Error);
        Assert.Equal((ErrorIds.KernelOptionNotBuiltIn, "y", "m"), (finding.Id, finding.Wanted, finding.Found));
    }

    [Fact]
    public async Task Front_ends_that_are_built_in_need_no_word()
    {
        Assert.Empty(await KernelHost.With(Debian.Replace("FRONTEND=m", "FRONTEND=y", StringComparison.Ordinal)).JudgeAsync(
            PvDriverDomain, KernelRole.Guest));
    }

    [Fact]
    public async Task Older_kernels_are_not_asked_for_options_that_they_did_not_have()
    {
        string jessie = string.Join('\n', Debian.Replace("6.1.192", "3.2.102", StringComparison.Ordinal).Split('\n')
            .Where(l => !l.Contains("XEN_PV=", StringComparison.Ordinal) && !l.Contains("PVHVM_GUEST", StringComparison.Ordinal)
                && !l.Contains("XEN_PRIVCMD", StringComparison.Ordinal) && !l.Contains("ACPI_PROCESSOR", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            await KernelHost.With(jessie).JudgeAsync(Enum.GetValues<KernelRole>()), f => f.Severity != FindingSeverity.Information);
        Assert.Equal(
            "CONFIG_XEN_PVHVM",
            Assert.Single(await KernelHost.With(Unset(jessie, "XEN_PVHVM"))
                .JudgeAsync(HvmDriverDomain), f => f.Severity == FindingSeverity.Error).Option);
    }

    [Fact]
    public async Task On_Arm_pciback_is_a_stub_and_no_domain_is_PV()
    {
        KernelHost host = KernelHost.With("# Linux/arm64 6.1.192 Kernel Configuration\n"
            + Debian.Replace("CONFIG_X86=y", "CONFIG_ARM64=y", StringComparison.Ordinal).Replace(
                "CONFIG_XEN_PV=y\n", "", StringComparison.Ordinal));
        Assert.Equal(
            [(Dom0, "CONFIG_XEN_PCIDEV_STUB"), (PvDriverDomain, "CONFIG_XEN_PV")],
            (await host.JudgeAsync(Dom0, PvDriverDomain)).Where(f => f.Severity == FindingSeverity.Error).Select(f => (f.Role, f.Option)));
    }

    [Fact]
    public async Task A_2_6_18_xen_kernel_fits_the_roles_of_its_time_by_its_own_options()
    {
        KernelHost host = KernelHost.With(Classic);
        IReadOnlyList<KernelFinding> findings = await host.JudgeAsync(Dom0, PvDriverDomain, NetworkBackend, DiskBackend, KernelRole.Guest);
        Assert.All(findings, f => Assert.Equal(FindingSeverity.Information, f.Severity));
        Assert.Contains(
            "pciback.hide=", Assert.Single(findings, f => f.Option == "CONFIG_XEN_PCIDEV_BACKEND").Remedy, StringComparison.Ordinal);
        Assert.Contains("netbk", Assert.Single(findings, f => f.Option == "CONFIG_XEN_NETDEV_BACKEND").Cause, StringComparison.Ordinal);
        Assert.Contains("PV domains only", Assert.Single(await host.JudgeAsync(HvmDriverDomain)).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("VPCI", "virtual bus 0")]
    [InlineData("PASS", "real addresses")]
    [InlineData("SLOT", "function 0")]
    [InlineData("CONTROLLER", "ia64")]
    public async Task What_pciback_shows_is_told_by_its_mode(string mode, string means)
    {
        string config = Classic.Replace("CONFIG_XEN_PCIDEV_BACKEND_VPCI=y", $"CONFIG_XEN_PCIDEV_BACKEND_{mode}=y", StringComparison.Ordinal)
            .Replace($"# CONFIG_XEN_PCIDEV_BACKEND_{mode} is not set\n", "", StringComparison.Ordinal);
        KernelFinding finding = Assert.Single(await KernelHost.With(config).JudgeAsync(Dom0), f => f.Id == ErrorIds.KernelPcibackMode);
        Assert.Equal(("CONFIG_XEN_PCIDEV_BACKEND_" + mode, FindingSeverity.Information), (finding.Option, finding.Severity));
        Assert.Contains(means, finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mode_pciback_is_of_no_use()
    {
        Assert.Equal(
            ErrorIds.KernelPcibackMode,
            Assert.Single(await KernelHost.With(Unset(Classic, "XEN_PCIDEV_BACKEND_VPCI"))
                .JudgeAsync(Dom0), f => f.Severity == FindingSeverity.Error).Id);
    }

    [Fact]
    public async Task A_pvops_kernel_with_an_old_options_name_is_still_one()
    {
        // The 2.6.32 of xen/stable had both.
        Assert.Equal(KernelFlavor.Pvops, (await KernelHost.With(Debian + "CONFIG_XEN_PRIVILEGED_GUEST=y\n").ReadAsync()).Flavor);
    }

    [Fact]
    public async Task Roles_named_twice_are_judged_once()
    {
        Assert.Equal(
            (await KernelHost.With(Debian).JudgeAsync(Dom0)).Count, (await KernelHost.With(Debian).JudgeAsync(Dom0, Dom0)).Count);
    }

    private static string Unset(string config, string option)
    {
        string[] lines = config.Split('\n');
        int at = Array.FindIndex(lines, l => l.StartsWith($"CONFIG_{option}=", StringComparison.Ordinal));
        lines[at] = $"# CONFIG_{option} is not set";
        return string.Join('\n', lines);
    }

    private static string Recorded(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recordings", "kernel-" + name));
}
