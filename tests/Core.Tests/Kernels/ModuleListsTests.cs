using XenDriverDomain.Errors;
using XenDriverDomain.Kernels;
using static XenDriverDomain.Kernels.KernelRole;

namespace XenDriverDomain.Tests.Kernels;

public class ModuleListsTests
{
    private const string Folder = "/lib/modules/6.1.0-56-amd64";

    [Fact]
    public async Task Drivers_are_judged_and_what_follows_from_them_is_known()
    {
        IReadOnlyList<KernelFinding> findings = await JudgeAsync(
            "kernel/arch/x86/events/intel/intel-uncore.ko\nkernel/drivers/xen/xen-evtchn.ko\n",
            "kernel/drivers/xen/xen-privcmd.ko\nkernel/drivers/net/xen-netback/xen-netback.ko\nkernel/net/bridge/bridge.ko.xz\n",
            NetworkBackend);
        KernelFinding module = Assert.Single(findings);
        Assert.Equal((ErrorIds.KernelOptionIsModule, $"{Folder}/modules.order", 2), (module.Id, module.File, module.Line!.Value));
        Assert.Equal(("6.1.0-56-amd64", Folder), (module.Kernel, module.Path));
    }

    [Fact]
    public async Task A_driver_in_neither_list_is_missing()
    {
        IReadOnlyList<KernelFinding> findings = await JudgeAsync(
            "kernel/drivers/xen/xen-privcmd.ko\n", "kernel/net/bridge/bridge.ko\n", DiskBackend);
        Assert.Equal(
            ["CONFIG_XEN_BLKDEV_BACKEND", "CONFIG_BLK_DEV_LOOP"],
            findings.Where(f => f.Id == ErrorIds.KernelOptionMissing).Select(f => f.Option));
    }

    [Fact]
    public async Task What_no_list_can_tell_is_said_to_be_unknown()
    {
        IReadOnlyList<KernelFinding> findings = await JudgeAsync(
            "kernel/drivers/xen/xen_privcmd.ko\nkernel/drivers/pci/xen-pcifront.ko\n", string.Empty, PvDriverDomain);
        Assert.All(
            new[] { "CONFIG_XEN_PV", "CONFIG_SWIOTLB_XEN" },
            option => Assert.Equal(
                (ErrorIds.KernelOptionUnknown, FindingSeverity.Warning),
                Assert.Single(findings, f => f.Option == option) is var f ? (f.Id, f.Severity) : default));
        Assert.DoesNotContain(findings, f => f.Option is "CONFIG_XEN_XENBUS_FRONTEND" or "CONFIG_PCI_XEN" or "CONFIG_PCI");
        Assert.DoesNotContain(findings, f => f.Severity == FindingSeverity.Error);
    }

    [Fact]
    public async Task Names_that_only_classic_kernels_have_make_it_one()
    {
        IReadOnlyList<KernelFinding> findings = await JudgeAsync(
            string.Empty, "kernel/drivers/xen/netback/netbk.ko\nkernel/net/bridge/bridge.ko\n", NetworkBackend, HvmDriverDomain);
        Assert.Equal("netbk", Assert.Single(findings, f => f.Id == ErrorIds.KernelOptionIsModule).Cause.Split(' ')[4].TrimEnd(','));
        Assert.Contains(findings, f => f is { Role: HvmDriverDomain, Option: "CONFIG_XEN_PVHVM", Severity: FindingSeverity.Error });
    }

    [Fact]
    public async Task Arm_is_told_by_its_modules()
    {
        Assert.Contains(
            await JudgeAsync("kernel/arch/arm64/crypto/sha1-ce.ko\n", string.Empty, PvDriverDomain),
            f => f is { Option: "CONFIG_XEN_PV", Severity: FindingSeverity.Error });
    }

    [Theory]
    [InlineData("modules.order")]
    [InlineData("modules.builtin")]
    public async Task Half_of_the_lists_is_an_error(string missing)
    {
        KernelHost host = Host(string.Empty, string.Empty);
        host.Files.Remove($"{Folder}/{missing}");
        XenDriverDomainException error = await Assert.ThrowsAsync<XenDriverDomainException>(() => host.ReadAsync(Folder));
        Assert.Equal(ErrorIds.KernelModulesIncomplete, error.ErrorId);
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<KernelFinding>> JudgeAsync(string builtIn, string order, params KernelRole[] roles) =>
        new KernelChecks("here", await Host(builtIn, order).ReadAsync(Folder + "/")).Judge(roles)
            .Select(f => f with { Path = f.Path.TrimEnd('/') }).ToArray();

    private static KernelHost Host(string builtIn, string order)
    {
        KernelHost host = new();
        host.Files.Put($"{Folder}/modules.builtin", builtIn).Put($"{Folder}/modules.order", order);
        return host;
    }
}
