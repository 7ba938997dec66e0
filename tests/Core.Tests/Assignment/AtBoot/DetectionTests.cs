using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Assignment.AtBoot;

/// <summary>Which boot loader is meant, and when that has to be asked.</summary>
public class DetectionTests
{
    private const string Module = "/sys/module/xen_pciback";
    private const string Legacy = "title x\nkernel /xen.gz\nmodule /vmlinuz root=/dev/sda ro\n";
    private const string Extlinux = "label xen\nappend xen.gz --- vmlinuz root=/dev/sdb rw --- initrd\n";
    private static readonly Dictionary<string, string> s_two = new() { ["/boot/grub/menu.lst"] = Legacy, ["/boot/extlinux.conf"] = Extlinux };

    [Fact]
    public void Two_loaders_are_asked_about_with_what_was_seen()
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => Look(s_two).Choose("dom0", new AtBootOptions()));

        Assert.Equal(ErrorIds.BootLoaderAmbiguous, error.ErrorId);
        Assert.Contains("/boot/grub/menu.lst", error.Message, StringComparison.Ordinal);
        Assert.Contains("/boot/extlinux.conf", error.Message, StringComparison.Ordinal);
        Assert.Contains("-BootLoader", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_running_kernels_command_line_decides_between_two() => Assert.Equal(
        BootLoader.Extlinux, Look(s_two, running: "root=/dev/sdb rw xen-pciback.hide=(01:00.0)").Choose("dom0", new AtBootOptions()).Loader);

    [Fact]
    public void The_user_decides_between_two()
    {
        Assert.Equal(BootLoader.GrubLegacy, Look(s_two).Choose("dom0", new AtBootOptions { BootLoader = BootLoader.GrubLegacy }).Loader);
        Assert.Equal(BootLoader.Extlinux, Look(s_two).Choose("dom0", new AtBootOptions { BootConfigPath = "/boot/extlinux.conf" }).Loader);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(BootLoader.GrubLegacy)]
    public void A_file_in_another_place_can_be_named(BootLoader? loader) => Assert.Equal(
        ("/mnt/boot/menu.lst", BootLoader.GrubLegacy),
        Look(new() { ["/mnt/boot/menu.lst"] = Legacy }).Choose("dom0", new AtBootOptions { BootConfigPath = "/mnt/boot/menu.lst", BootLoader = loader }) is var chosen
            ? (chosen.Path, chosen.Loader) : default);

    [Theory]
    [InlineData("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")]
    [InlineData("/boot/extlinux.conf", "label linux\nlinux vmlinuz\nappend root=/dev/sda\n")]
    [InlineData("/boot/grub/menu.lst", "title x\nkernel /vmlinuz root=/dev/sda\n")]
    public void A_host_without_an_entry_for_Xen_is_said_to_have_none(string path, string text)
    {
        BootSituation situation = Look(new() { [path] = text });

        Assert.Equal(
            ErrorIds.BootLoaderNotFound, Assert.Throws<XenDriverDomainException>(() => situation.Choose("dom0", new AtBootOptions())).ErrorId);
        Assert.Equal(
            ErrorIds.BootLoaderNotFound,
            Assert.Throws<XenDriverDomainException>(() => situation.Choose("dom0", new AtBootOptions { BootConfigPath = path })).ErrorId);
        Assert.Equal(PciNextBootState.Unknown, situation.StateOf(new PciDevice { Dom0 = "dom0", Address = PciAddress.Parse("03:00.0") }));
    }

    [Theory]
    [InlineData("GRUB_CMDLINE_LINUX=\"$(cat /etc/kernel/cmdline)\"\n")]
    [InlineData("GRUB_CMDLINE_LINUX=`cat /etc/kernel/cmdline`\n")]
    [InlineData("if [ -e /x ]; then\n  GRUB_CMDLINE_LINUX=\"quiet\"\nfi\n")]
    [InlineData("[ -e /x ] && GRUB_CMDLINE_LINUX=quiet\n")]
    [InlineData("GRUB_CMDLINE_LINUX=\"a\"\nGRUB_CMDLINE_LINUX+=\" b\"\n")]
    [InlineData("A=xen-pciback.hide=\nGRUB_CMDLINE_LINUX=\"$A(01:00.0)\"\n")]
    public void Settings_that_depend_on_running_something_are_not_touched(string defaults)
    {
        BootSituation situation = Look(new() { ["/etc/default/grub"] = defaults }, "/boot/grub/grub.cfg", "/usr/sbin/update-grub");

        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(() => situation.Choose("dom0", new AtBootOptions()));
        Assert.Equal(ErrorIds.BootConfigNotEditable, error.ErrorId);
        Assert.Contains("/etc/default/grub", error.Message, StringComparison.Ordinal);
        Assert.Equal(PciNextBootState.Unknown, situation.StateOf(new PciDevice { Dom0 = "dom0", Address = PciAddress.Parse("03:00.0") }));
    }

    [Theory]
    [InlineData("GRUB_CMDLINE_LINUX=\"a\" # it's \"quoted\"\nGRUB_CMDLINE_LINUX_DEFAULT='b $c'\n", "a b $c")]
    [InlineData("A=\"x y\"\nGRUB_CMDLINE_LINUX=\"$A ${A}z \\\"q\\\"\"\n", "x y x yz \"q\"")]
    [InlineData("GRUB_CMDLINE_LINUX=a; GRUB_CMDLINE_LINUX_DEFAULT=b\n", "a b")]
    [InlineData("GRUB_CMDLINE_LINUX=\"a \\\nb\"\n", "a b")]
    [InlineData("GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX_XEN_REPLACE=\"$GRUB_CMDLINE_LINUX x\"\nGRUB_CMDLINE_LINUX_DEFAULT=b\n", "a x b")]
    [InlineData("GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX_DEFAULT=b\nGRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT=c\n", "a c")]
    [InlineData("if true; then\n X=1\nfi\nfor i in 1 2; do echo $i; done\nGRUB_CMDLINE_LINUX=a\n", "a")]
    public void Settings_are_read_as_the_shell_and_20_linux_xen_read_them(string defaults, string whole)
    {
        BootConfiguration configuration = Look(new() { ["/etc/default/grub"] = defaults }, "/boot/grub/grub.cfg", "/usr/sbin/update-grub")
            .Choose("dom0", new AtBootOptions());

        Assert.Equal(whole, Assert.Single(configuration.Lines).Whole);
    }

    [Fact]
    public void Entries_that_are_not_booted_do_not_count_for_the_next_state()
    {
        const string Menu = "default 1\ntitle a\nkernel /xen.gz\nmodule /vmlinuz xen-pciback.hide=(03:00.0)\ntitle b\nkernel /xen.gz\nmodule /vmlinuz ro\n";
        PciDevice device = new() { Dom0 = "dom0", Address = PciAddress.Parse("03:00.0") };

        Assert.Equal(PciNextBootState.Host, Look(new() { ["/boot/grub/menu.lst"] = Menu }).StateOf(device));
        Assert.Equal(PciNextBootState.Assignable, Look(new() { ["/boot/grub/menu.lst"] = Menu.Replace("default 1", "default 0", StringComparison.Ordinal) }).StateOf(device));
        Assert.Equal(PciNextBootState.Unknown, Look(new() { ["/boot/grub/menu.lst"] = Menu.Replace("default 1", "default saved", StringComparison.Ordinal) }).StateOf(device));
    }

    [Fact]
    public void A_malformed_element_hides_nothing_at_all()
    {
        const string Menu = "title a\nkernel /xen.gz\nmodule /vmlinuz xen-pciback.hide=(03:00.0)(0000:82.0.0)\n";

        Assert.Equal(
            PciNextBootState.Host,
            Look(new() { ["/boot/grub/menu.lst"] = Menu }).StateOf(new PciDevice { Dom0 = "dom0", Address = PciAddress.Parse("03:00.0") }));
    }

    [Fact]
    public void A_command_line_goes_before_module_options()
    {
        Dictionary<string, string> files = new()
        {
            ["/boot/grub/menu.lst"] = "title a\nkernel /xen.gz\nmodule /vmlinuz xen-pciback.hide=(03:00.0)\n",
            ["/etc/modprobe.d/x.conf"] = "options xen-pciback hide=(04:00.1)\n",
        };
        BootSituation situation = BootSituation.From(files, new HashSet<string> { "/etc/modprobe.d" }, new Dictionary<string, string>());

        Assert.Equal(BootLoader.GrubLegacy, situation.Choose("dom0", new AtBootOptions()).Loader);
        Assert.Equal(PciNextBootState.Assignable, situation.StateOf(new PciDevice { Dom0 = "dom0", Address = PciAddress.Parse("03:00.0") }));
        Assert.Equal(PciNextBootState.Host, situation.StateOf(new PciDevice { Dom0 = "dom0", Address = PciAddress.Parse("04:00.1") }));
    }

    private static BootSituation Look(Dictionary<string, string> files, params string[] names) => Look(files, string.Empty, names);

    private static BootSituation Look(Dictionary<string, string> files, string running, string[]? names = null) => BootSituation.From(
        files, new HashSet<string>([Module, .. names ?? []]), new Dictionary<string, string> { ["/proc/cmdline"] = running });
}
