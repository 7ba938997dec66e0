using XenDriverDomain.Snapshots.BootFiles;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Tests.Snapshots;

/// <summary>What is kept of each boot loader's files: all that decides what pciback takes, and no secret.</summary>
public sealed class BootFileReducerTests
{
    private const string Defaults = "/etc/default/grub";

    [Theory]
    [InlineData(Defaults, "# If you change this file, run 'update-grub' afterwards\n\nGRUB_DEFAULT=0\nGRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet  splash\"\nGRUB_CMDLINE_LINUX='root=/dev/sda1 xen-pciback.hide=(00:10.0)'\n#GRUB_TERMINAL=console\n")]
    [InlineData(Defaults + ".d/xen.cfg", "GRUB_CMDLINE_XEN_DEFAULT=\"dom0_mem=4G com1=115200,8n1\"\n#GRUB_CMDLINE_LINUX_XEN_REPLACE=\"$GRUB_CMDLINE_LINUX ro\"\nGRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX console=hvc0 \\\"xen-pciback.hide=(01:00.0)\\\"\"\n")]
    [InlineData("/boot/grub/menu.lst", "default 1\ntimeout=5\ncolor cyan/blue white/blue\n# xenkopt=root=/dev/sda1 console=tty0\n\ntitle Xen\nroot (hd0,0)\n  kernel --no-mem-option /xen.gz dom0_mem=512M noreboot\n\tmodule /vmlinuz root=/dev/sda1 ro quiet\n\tmodule /initrd.img\n")]
    [InlineData("/boot/efi/EFI/xen/xen.cfg", "[global]\ndefault=xen\n\n[xen]\noptions=console=vga dom0_mem=1G\nkernel=vmlinuz root=/dev/sda1 ro\nramdisk=initrd.img\n")]
    [InlineData("/boot/loader/entries/xen.conf", "title Xen\nefi /EFI/xen/xen.efi\noptions -cfg=dom0.cfg\n")]
    [InlineData("/boot/extlinux.conf", "DEFAULT xen\nTIMEOUT 30\nLABEL xen\n  COM32 mboot.c32\n  APPEND xen.gz dom0_mem=1G --- vmlinuz root=/dev/sda modules=ext4 --- initrd\n")]
    [InlineData("/etc/update-extlinux.conf", "overwrite=1\ndefault_kernel_opts=\"quiet rootfstype=ext4\" # configuration for extlinux config builder\nmodules=sd-mod,ext4\nroot=UUID=1-2\nxen_opts=\"dom0_mem=512M\"\npassword=''\n")]
    [InlineData("/etc/modprobe.d/local.conf", "options xen_pciback hide=(00:10.0) \\\n  permissive=1\nsoftdep igb pre: xen-pciback\nblacklist nouveau\n")]
    [InlineData("/etc/initramfs-tools/modules", "# List of modules that you want to include in your initramfs.\n\nxen-pciback\n")]
    [InlineData("/etc/dracut.conf.d/xen.conf", "force_drivers+=\" xen-pciback \"\ninstall_optional_items+=\" /etc/modprobe.d/xen-pciback.conf \"\nhostonly=no\n")]
    [InlineData("/etc/mkinitfs/mkinitfs.conf", "features=\"ata base ext4 xen-pciback\"\n")]
    public void What_holds_no_secret_stays_byte_for_byte(string path, string text) =>
        Assert.Equal((text, string.Empty), Reduce(path, text));

    [Theory]
    [InlineData(Defaults, "GRUB_CMDLINE_LINUX=\"quiet luks.key=HUNTER2 ro\"", "GRUB_CMDLINE_LINUX=\"quiet ro\"")]
    [InlineData(Defaults, "GRUB_CMDLINE_XEN=\"vnc_password=HUNTER2 dom0_mem=1G\"", "GRUB_CMDLINE_XEN=\" dom0_mem=1G\"")]
    [InlineData(Defaults, "GRUB_PASSWORD=\"HUNTER2\"\nGRUB_DEFAULT=0", "GRUB_PASSWORD=\"left-out\"\nGRUB_DEFAULT=0")]
    [InlineData(Defaults, "MINE='ip=dhcp HUNTER2 quiet'\nGRUB_CMDLINE_LINUX=\"$MINE ro\"", "MINE=' quiet'\nGRUB_CMDLINE_LINUX=\"$MINE ro\"")]
    [InlineData(Defaults, "GRUB_CMDLINE_LINUX=\"$(echo HUNTER2)\"", "GRUB_CMDLINE_LINUX=\"$(left-out)\"")]
    [InlineData(Defaults, "#GRUB_CMDLINE_LINUX=\"luks.key=HUNTER2\"\n# the password is HUNTER2\nGRUB_DEFAULT=0", "# left-out\n# left-out\nGRUB_DEFAULT=0")]
    [InlineData(Defaults, "GRUB_CMDLINE_XEN=\"dom0_mem=1G answer=HUNTER2\"\nGRUB_ANSWER=HUNTER2\n# HUNTER2\n#GRUB_ANSWER=HUNTER2\n#GRUB_TERMINAL=console", "GRUB_CMDLINE_XEN=\"dom0_mem=1G\"\nGRUB_ANSWER=\n# left-out\n# left-out\n#GRUB_TERMINAL=console")]
    [InlineData(Defaults + ".d/xen.cfg", "echo \"HUNTER2\"\nif [ \"$XEN_OVERRIDE_GRUB_DEFAULT\" = \"\" ]; then\n\tXEN_OVERRIDE_GRUB_DEFAULT=1 # HUNTER2\nfi", "# left-out\nif [ \"$XEN_OVERRIDE_GRUB_DEFAULT\" = \"\" ]; then\n\tXEN_OVERRIDE_GRUB_DEFAULT=1 # left-out\nfi")]
    [InlineData("/boot/grub/grub.cfg", "menuentry 'Xen' {\n\tmultiboot2 /xen.gz dom0_mem=1G answer=HUNTER2\n\tmodule2 /vmlinuz ro HUNTER2\n\tmodule2 /initrd key=HUNTER2\n}", "menuentry 'Xen' {\n\tmultiboot2 /xen.gz dom0_mem=1G\n\tmodule2 /vmlinuz ro\n\tmodule2 left-out\n}")]
    [InlineData("/boot/efi/EFI/xen/xen.cfg", "[xen]\noptions=dom0_mem=1G answer=HUNTER2", "[xen]\noptions=dom0_mem=1G")]
    [InlineData("/etc/modprobe.d/xen.conf", "options xen-pciback hide=(00:10.0) answer=HUNTER2 \\\n  HUNTER2 permissive=1\n# HUNTER2", "options xen-pciback hide=(00:10.0) \\\n permissive=1\n# left-out")]
    [InlineData("/etc/update-extlinux.conf", "password='HUNTER2'\ndefault_kernel_opts=\"quiet key=HUNTER2\"", "password='left-out'\ndefault_kernel_opts=\"quiet\"")]
    [InlineData("/boot/grub/menu.lst", "password --md5 HUNTER2\ntitle Linux\nkernel /vmlinuz rd.luks.key=HUNTER2 ro", "# left-out\ntitle Linux\nkernel /vmlinuz ro")]
    [InlineData("/boot/grub/menu.lst", "title Xen\nkernel /xen.gz\nmodule /vmlinuz HUNTER2 ro\nsetkey HUNTER2 b\n# kopt=HUNTER2 ro", "title Xen\nkernel /xen.gz\nmodule /vmlinuz ro\n# left-out\n# kopt= ro")]
    [InlineData("/boot/grub/grub.cfg", "set superusers=\"HUNTER2\"\npassword_pbkdf2 root HUNTER2\nmenuentry 'Xen' --users HUNTER2 --class xen {\n\tmultiboot2 /xen.gz dom0_mem=1G\n\tmodule2 /vmlinuz placeholder ro key=HUNTER2\n\tmodule2 /initrd\n}", "menuentry 'Xen' --class xen {\n\tmultiboot2 /xen.gz dom0_mem=1G\n\tmodule2 /vmlinuz placeholder ro\n\tmodule2 /initrd\n}")]
    [InlineData("/boot/extlinux.conf", "MENU MASTER PASSWD HUNTER2\nLABEL xen\nAPPEND xen.gz --- vmlinuz ip=HUNTER2 ro --- initrd", "# left-out\nLABEL xen\nAPPEND xen.gz --- vmlinuz ro --- initrd")]
    [InlineData("/boot/extlinux.conf", "DEFAULT vmlinuz key=HUNTER2 ro\nPROMPT 0", "DEFAULT vmlinuz ro\nPROMPT 0")]
    [InlineData("/boot/efi/EFI/xen/xen.cfg", "[xen]\nkernel=vmlinuz ro luks.key=HUNTER2", "[xen]\nkernel=vmlinuz ro")]
    [InlineData("/efi/loader/entries/linux.conf", "title Linux\nlinux /vmlinuz\noptions ro luks.key=HUNTER2", "title Linux\nlinux /vmlinuz\noptions ro ")]
    [InlineData("/etc/modprobe.d/wlan.conf", "options wlan psk=HUNTER2 \\\n  more=HUNTER2\nsoftdep a pre: b\ninstall x /bin/sh -c HUNTER2", "# left-out\n# left-out\nsoftdep a pre: b\n# left-out")]
    [InlineData("/etc/dracut.conf.d/cmdline.conf", "kernel_cmdline=\"rd.luks.key=HUNTER2\"\nadd_drivers+=\" xen-pciback \"", "# left-out\nadd_drivers+=\" xen-pciback \"")]
    public void Secrets_stay_on_the_host_and_lines_keep_their_numbers(string path, string text, string kept)
    {
        (string? reduced, string said) = Reduce(path, text);
        Assert.Equal(kept, reduced);
        Assert.Contains("boot files", said, StringComparison.Ordinal);
        Assert.DoesNotContain("HUNTER2", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_which_a_secret_cannot_be_told_from_the_rest_is_left_out_and_named()
    {
        (string? reduced, string said) = Reduce(Defaults, "GRUB_DEFAULT=0\nset_password HUNTER2\n");
        Assert.Null(reduced);
        Assert.Contains(Defaults, said, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_an_end_to_it()
    {
        LeftOutLog log = new();
        BootFileReducer reducer = new(log);
        int kept = Enumerable.Range(0, 600).Count(i => reducer.Reduce($"/etc/modprobe.d/{i}.conf", "blacklist a\n") is not null);
        Assert.Equal(500, kept);
        Assert.Equal(("boot files", 100), log.ToList().Select(one => (one.What, one.Count)).Single());
    }

    [Theory]
    [InlineData("/etc/default/grub.d/a.cfg", true)]
    [InlineData("/etc/default/grub.d/a/b.cfg", false)]
    [InlineData("/etc/default/grub.xdd-backup", false)]
    [InlineData("/boot/efi/EFI/debian/xen.cfg", true)]
    [InlineData("/boot/grub2/grub.cfg", true)]
    [InlineData("/etc/shadow", false)]
    public void Only_boot_files_are_taken(string path, bool isTaken) => Assert.Equal(isTaken, BootFileReducer.Takes(path));

    private static (string? Text, string Said) Reduce(string path, string text)
    {
        LeftOutLog log = new();
        return (new BootFileReducer(log).Reduce(path, text), string.Join("; ", log.ToList()));
    }
}
