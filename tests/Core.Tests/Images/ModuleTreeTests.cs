using XenDriverDomain.Images;

namespace XenDriverDomain.Tests.Images;

public class ModuleTreeTests
{
    private const string Folder = "/lib/modules/6.1.0-57-amd64";

    // Debian 12; the lists of libcrc32c's and r8169's are theirs, too.
    private static readonly ModuleTree s_debian = ModuleTree.Read(
        Folder,
        """
        kernel/drivers/net/xen-netback/xen-netback.ko:
        kernel/net/bridge/bridge.ko: kernel/net/802/stp.ko kernel/net/llc/llc.ko
        kernel/net/802/stp.ko: kernel/net/llc/llc.ko
        kernel/net/llc/llc.ko:
        kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko: kernel/drivers/ptp/ptp.ko kernel/drivers/pps/pps_core.ko
        kernel/drivers/ptp/ptp.ko: kernel/drivers/pps/pps_core.ko
        kernel/drivers/pps/pps_core.ko:
        kernel/drivers/net/phy/realtek.ko: kernel/drivers/net/phy/libphy.ko
        kernel/drivers/net/phy/libphy.ko:
        kernel/drivers/net/ethernet/realtek/r8169.ko: kernel/drivers/net/phy/libphy.ko
        updates/dkms/odd.ko.xz: kernel/lib/gone.ko
        """,
        """
        # Soft dependencies extracted from modules themselves.
        softdep r8169 pre: realtek
        softdep libcrc32c pre: crc32c
        """,
        "kernel/drivers/xen/xen-evtchn.ko\nkernel/fs/ext4/ext4.ko\n");

    [Fact]
    public void What_a_module_needs_comes_before_it_and_once()
    {
        Assert.Equal(
            [
                $"{Folder}/kernel/net/llc/llc.ko", $"{Folder}/kernel/net/802/stp.ko", $"{Folder}/kernel/net/bridge/bridge.ko",
                $"{Folder}/kernel/drivers/pps/pps_core.ko", $"{Folder}/kernel/drivers/ptp/ptp.ko",
                $"{Folder}/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko",
            ],
            s_debian.LoadOrder(["bridge", "e1000e", "stp"], out IReadOnlyList<string> missing));
        Assert.Empty(missing);
    }

    [Fact]
    public void A_soft_dependency_comes_before_with_what_it_needs()
    {
        Assert.Equal(
            ["libphy", "realtek", "r8169"], s_debian.LoadOrder(["r8169"], out IReadOnlyList<string> missing).Select(ModuleTree.NameOf));
        Assert.Empty(missing);
    }

    [Fact]
    public void A_soft_dependency_that_goes_after_comes_after()
    {
        ModuleTree tree = ModuleTree.Read(Folder, "a.ko:\nb.ko:\n", "softdep a pre: nowhere post: b\n", string.Empty);

        Assert.Equal(["a", "b"], tree.LoadOrder(["a"], out IReadOnlyList<string> missing).Select(ModuleTree.NameOf));
        Assert.Empty(missing);
    }

    [Fact]
    public void What_the_kernel_has_in_itself_needs_no_file()
    {
        Assert.Empty(s_debian.LoadOrder(["xen-evtchn"], out IReadOnlyList<string> missing));
        Assert.Empty(missing);
        Assert.True(s_debian.Has("xen_evtchn"));
    }

    [Fact]
    public void What_is_nowhere_is_told_also_where_a_module_needs_it()
    {
        s_debian.LoadOrder(["xen-pcifront", "odd"], out IReadOnlyList<string> missing);

        Assert.Equal(["xen_pcifront", "gone"], missing);
        Assert.False(s_debian.Has("xen-pcifront"));
    }

    [Fact]
    public void Hyphens_and_underscores_are_the_same_and_an_ending_is_no_part_of_a_name()
    {
        Assert.Equal([$"{Folder}/kernel/drivers/net/xen-netback/xen-netback.ko"], s_debian.LoadOrder(["xen_netback"], out _));
        Assert.Equal("xen_netback", ModuleTree.NameOf("/lib/modules/6.1/kernel/xen-netback.ko.zst"));
    }

    [Fact]
    public void Modules_that_need_each_other_end()
    {
        ModuleTree tree = ModuleTree.Read(Folder, "a.ko: b.ko\nb.ko: a.ko\n", string.Empty, string.Empty);

        Assert.Equal(["b", "a"], tree.LoadOrder(["a"], out _).Select(ModuleTree.NameOf));
    }
}
