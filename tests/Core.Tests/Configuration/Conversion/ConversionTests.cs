using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration.Conversion;

/// <summary>What becomes of single settings.</summary>
public class ConversionTests
{
    // gopts.var of create.py, Xen 4.1.
    private const string AllOptions =
        "vncpasswd vncviewer vncconsole name bootloader bootargs bootentry kernel ramdisk loader features builder memory maxmem "
        + "shadow_memory memory_sharing cpu cpus rtc_timeoffset pae hpet timer_mode tsc_mode nomigrate vpt_align viridian acpi apic vcpus "
        + "vcpu_avail vhpt cpu_cap cpu_weight restart on_poweroff on_reboot on_crash blkif netif tpmif disk pci vscsi vusb ioports irq vfb "
        + "vif vif2 vtpm access_control nics root extra ip gateway netmask hostname interface dhcp nfs_server nfs_root device_model fda "
        + "fdb parallel serial monitor monitor_path localtime keymap usb usbdevice description guest_os_type stdvga isa boot nographic "
        + "soundhw vnc vncdisplay vnclisten vncunused videoram sdl gfx_passthru opengl display xauthority uuid on_xend_start on_xend_stop "
        + "target hap s3_integrity oos cpuid cpuid_check machine_address_size suppress_spurious_page_faults pool pci_msitranslate "
        + "pci_power_mgmt xen_platform_pci superpages";

    [Fact]
    public void Every_option_of_xm_is_told_of()
    {
        foreach (string option in AllOptions.Split(' '))
        {
            string[] files = [$"builder = 'hvm'\n{option} = '1'\n", $"{option} = '1'\n", $"{option} = ['x']\n"];
            foreach (string file in files)
            {
                ConversionEntry entry = Convert(file).Conversion.First(e => e.Setting == option && e.Line is not null);
                Assert.DoesNotContain("passed over then", entry.Reason, StringComparison.Ordinal);
                Assert.Equal(entry.Action is ConversionAction.Dropped or ConversionAction.Refused, entry.Became is null);
            }
        }
    }

    [Theory]
    [InlineData("builder = 'linux'", "builder", ConversionAction.Changed, "type = \"pv\"")]
    [InlineData("builder = 'plan9'", "builder", ConversionAction.Refused, null)]
    [InlineData("memory = '0512'", "memory", ConversionAction.Changed, "memory = 512")]
    [InlineData("memory = 0512", "memory", ConversionAction.Mapped, "memory = 330")]
    [InlineData("memory = 64.7", "memory", ConversionAction.Changed, "memory = 64")]
    [InlineData("memory = 'much'", "memory", ConversionAction.Refused, null)]
    [InlineData("memory = [64]", "memory", ConversionAction.Refused, null)]
    [InlineData("rtc_timeoffset = -60; builder = 'hvm'", "rtc_timeoffset", ConversionAction.Mapped, "rtc_timeoffset = \"-60\"")]
    [InlineData("cpu_cap = 50", "cpu_cap", ConversionAction.Mapped, "cap = 50")]
    [InlineData("cpu = 2", "cpu", ConversionAction.Changed, "cpus = \"2\"")]
    [InlineData("cpu = 2; cpus = '0-1'", "cpu", ConversionAction.Changed, "cpus = \"2,0-1\"")]
    [InlineData("cpus = ['0', '1']", "cpus", ConversionAction.Mapped, "cpus = [ \"0\", \"1\" ]")]
    [InlineData("vcpus = 2; vcpu_avail = 3", "vcpu_avail", ConversionAction.Dropped, null)]
    [InlineData("vcpus = 4; vcpu_avail = 1", "vcpu_avail", ConversionAction.Refused, null)]
    [InlineData("irq = [7]", "irq", ConversionAction.Mapped, "irqs = [ \"7\" ]")]
    [InlineData("ioports = ['2f8-2ff']", "ioports", ConversionAction.Mapped, "ioports = [ \"2f8-2ff\" ]")]
    [InlineData("netif = 1", "netif", ConversionAction.Changed, "driver_domain = 1")]
    [InlineData("netif = 'yes'", "netif", ConversionAction.Changed, "driver_domain = 1")]
    [InlineData("netif = 'no'", "netif", ConversionAction.Dropped, null)]
    [InlineData("restart = 'never'", "restart", ConversionAction.Changed, "on_poweroff = \"destroy\"")]
    [InlineData("restart = 'onreboot'", "restart", ConversionAction.Changed, "on_poweroff = \"destroy\"")]
    [InlineData("restart = 'always'", "restart", ConversionAction.Changed, "on_poweroff = \"restart\"")]
    [InlineData("blkif = 1; netif = 1", "netif", ConversionAction.Changed, "driver_domain = 1")]
    [InlineData("target = 0", "target", ConversionAction.Dropped, null)]
    [InlineData("cpu = 2; cpus = ['0']", "cpu", ConversionAction.Dropped, null)]
    [InlineData("builder = 'hvm'; vnc = 'no'", "vnc", ConversionAction.Changed, "vnc = 0")]
    [InlineData("builder = 'hvm'; usb = 2", "usb", ConversionAction.Changed, "usb = 1")]
    [InlineData("builder = 'hvm'; usb = 'maybe'", "usb", ConversionAction.Refused, null)]
    [InlineData("vfb = ['vnc=1,videoram=8']", "vfb", ConversionAction.Changed, "vfb = [ \"vnc=1\" ]")]
    [InlineData("vfb = ['vnc=1\\x07']", "vfb", ConversionAction.Refused, null)]
    [InlineData("on_xend_start = 'start'", "on_xend_start", ConversionAction.Dropped, null)]
    [InlineData("access_control = ['policy=p,label=l']", "access_control", ConversionAction.Refused, null)]
    [InlineData("bootloader = '/usr/lib/xen-4.0/bin/pygrub'", "bootloader", ConversionAction.Changed, "bootloader = \"pygrub\"")]
    [InlineData("bootargs = '-q'", "bootargs", ConversionAction.Mapped, "bootloader_args = \"-q\"")]
    [InlineData("builder = 'hvm'; kernel = '/usr/lib/xen-4.0/boot/hvmloader'", "kernel", ConversionAction.Dropped, null)]
    [InlineData("builder = 'hvm'; device_model = '/usr/lib64/xen/bin/qemu-dm'", "device_model", ConversionAction.Dropped, null)]
    [InlineData("builder = 'hvm'; device_model = '/usr/lib/xen/bin/stubdom-dm'", "device_model", ConversionAction.Changed, "device_model_stubdomain_override = 1")]
    [InlineData("builder = 'hvm'; videoram = 4", "videoram", ConversionAction.Dropped, null)]
    [InlineData("builder = 'hvm'; videoram = 32", "videoram", ConversionAction.Mapped, "videoram = 32")]
    [InlineData("builder = 'hvm'; vnc = 'yes'", "vnc", ConversionAction.Changed, "vnc = 1")]
    [InlineData("vnc = 1", "vnc", ConversionAction.Dropped, null)]
    [InlineData("builder = 'hvm'; root = '/dev/hda1'", "root", ConversionAction.Dropped, null)]
    [InlineData("root = 'root=/dev/hda1'", "root", ConversionAction.Changed, "root = \"/dev/hda1\"")]
    [InlineData("hostname = 'h'", "hostname", ConversionAction.Dropped, null)]
    [InlineData("hostname = 'h'; ip = '10.0.0.2'", "hostname", ConversionAction.Changed, "extra = \"ip=10.0.0.2:127.0.255.255:::h:eth0:off\"")]
    [InlineData(
        "nfs_server = '10.0.0.1'; nfs_root = '/srv'; extra = '4'; dhcp = 'dhcp'", "nfs_root", ConversionAction.Changed,
        "extra = \"ip=:10.0.0.1::::eth0:dhcp nfsroot=10.0.0.1:/srv 4\"")]
    [InlineData("nfs_root = '/srv'", "nfs_root", ConversionAction.Refused, null)]
    [InlineData("nics = 2; vif = ['bridge=a']", "nics", ConversionAction.Changed, "vif = [ \"\" ]")]
    [InlineData("nics = 1; vif = ['bridge=a']", "nics", ConversionAction.Dropped, null)]
    [InlineData("vfb = ['type=vnc, vncunused=1']", "vfb", ConversionAction.Changed, "vfb = [ \"vnc=1,vncunused=1\" ]")]
    [InlineData("vtpm = ['instance=1,backend=0']", "vtpm", ConversionAction.Changed, "vtpm = [ \"backend=0\" ]")]
    [InlineData("vtpm = ['instance=1']", "vtpm", ConversionAction.Refused, null)]
    [InlineData("vusb = ['usbver=2, numports=4']", "vusb", ConversionAction.Changed, "usbctrl = [ \"type=pv,version=2,ports=4\" ]")]
    [InlineData("vusb = ['usbver=2,numports=1,port_1=1-8']", "vusb", ConversionAction.Refused, null)]
    [InlineData("description = ''", "description", ConversionAction.Dropped, null)]
    [InlineData("extra = 'a\\x07b'", "extra", ConversionAction.Refused, null)]
    public void A_setting(string file, string setting, ConversionAction action, string? became)
    {
        ConversionEntry entry = Convert(file.Replace("; ", "\n", StringComparison.Ordinal)).Conversion.First(e => e.Setting == setting);

        Assert.Equal((action, became), (entry.Action, entry.Became));
        Assert.True(action == ConversionAction.Mapped ? entry.Reason.Length == 0 : entry.Reason.Length > 0, entry.Reason);
    }

    [Theory]
    [InlineData("01:07.0", "01:07.0", "")]
    [InlineData("1:7.0", "01:07.0", "")]
    [InlineData("0000:01:07.0@1f", "0000:01:07.0@1f", "")]
    [InlineData("0000,01,07,0", "0000:01:07.0", "")]
    [InlineData("1,5,0,1", "0001:05:00.1", "")]
    [InlineData("01:07.0,msitranslate=yes,power_mgmt=0", "01:07.0,msitranslate=1,power_mgmt=0", "0 or 1")]
    [InlineData("01:07.0, msitranslate=1", "01:07.0,msitranslate=1", "blanks")]
    [InlineData("01:07.0,managed=0", "01:07.0", "libvirt")]
    [InlineData("01:07.0-3", "01:07.0 01:07.1 01:07.2 01:07.3", "each is given by itself")]
    [InlineData("01:07.3-2", "01:07.3 01:07.2", "each is given by itself")]
    [InlineData("01:07.0,2@8", "01:07.0 01:07.2", "xl's choice")]
    [InlineData("01:07.1=0", "01:07.1", "xl's choice")]
    [InlineData("01:07.0,2,msitranslate=1", "01:07.0,msitranslate=1 01:07.2,msitranslate=1", "each is given by itself")]
    [InlineData("01:07.*@8", "01:07.*@8", "")]
    [InlineData("0x1,0x1a,0x0", "01:1a.0", "since Xen 3.0")]
    [InlineData("1,5,0", "01:05.0", "since Xen 3.0")]
    public void A_pci_device(string xm, string xl, string reason)
    {
        XenDomainConfig config = Convert($"pci = ['{xm}']");

        Assert.Equal(xl, string.Join(' ', config.PciDevice.Select(p => p.Text)));
        Assert.All(config.PciDevice, p => Assert.NotNull(p.Spec));
        Assert.Contains(reason, config.Conversion.Single(e => e.Setting == "pci").Reason, StringComparison.Ordinal);
        Assert.Equal(reason.Length > 0, config.Conversion.Single(e => e.Setting == "pci").Action == ConversionAction.Changed);
    }

    [Theory]
    [InlineData("10,5,0")]
    [InlineData("01:07")]
    [InlineData("01:07.8")]
    [InlineData("01:20.0")]
    [InlineData("01:07.*")]
    [InlineData("01:07.0,0")]
    [InlineData("01:07.0=0-2=1")]
    [InlineData("01:07.0@2f")]
    [InlineData("01:07.0,permissive=1")]
    [InlineData("01:07.0,msitranslate=maybe")]
    [InlineData("net")]
    [InlineData("")]
    public void A_pci_device_that_xm_would_not_take_is_refused(string xm) =>
        Assert.Equal(ConversionAction.Refused, Convert($"pci = ['{xm}']").Conversion.Single(e => e.Setting == "pci").Action);

    [Theory]
    [InlineData("phy:/dev/vg/x,xvda,w", "format=raw,vdev=xvda,access=rw,target=/dev/vg/x", "")]
    [InlineData("phy:vg/x,xvda1,r", "format=raw,vdev=xvda1,access=ro,target=/dev/vg/x", "/dev")]
    [InlineData("phy:sda3,sda1,w,storage", "format=raw,vdev=sda1,access=rw,backend=storage,target=/dev/sda3", "/dev")]
    [InlineData("file:/a=b.img,hda,w!", "format=raw,vdev=hda,access=rw,target=/a=b.img", "force")]
    [InlineData("file:/x.img,xvda,rw", "format=raw,vdev=xvda,access=rw,target=/x.img", "xl says rw")]
    [InlineData("file:/x.img, xvda, w", "format=raw,vdev=xvda,access=rw,target=/x.img", "blanks")]
    [InlineData("tap:aio:/x.img,xvda,w", "format=raw,vdev=xvda,access=rw,target=/x.img", "")]
    [InlineData("tap2:tapdisk:vhd:/x.vhd,xvda,w", "format=vhd,vdev=xvda,access=rw,target=/x.vhd", "")]
    [InlineData("tap:qcow2:/x,ioemu:hda,w", "format=qcow2,vdev=hda,access=rw,target=/x", "")]
    [InlineData("nbd:10.0.0.1 10809,xvda,w", "format=raw,vdev=xvda,access=rw,script=block-nbd,target=10.0.0.1 10809", "")]
    [InlineData("file:/cd.iso,hdc:cdrom,r", "format=raw,vdev=hdc,access=ro,devtype=cdrom,target=/cd.iso", "")]
    [InlineData("phy:,hdc:cdrom,r", "format=raw,vdev=hdc,access=ro,devtype=cdrom", "")]
    [InlineData("phy:/dev/x,xvda,w,,x86_32-abi", "format=raw,vdev=xvda,access=rw,target=/dev/x", "protocol")]
    public void A_disk(string xm, string xl, string reason)
    {
        XenDomainConfig config = Convert($"disk = ['{xm}']");

        ConfigDisk disk = Assert.Single(config.Disk);
        Assert.Equal(xl, disk.Text);
        Assert.NotNull(disk.Spec);
        Assert.Contains(reason, config.Conversion.Single(e => e.Setting == "disk").Reason, StringComparison.Ordinal);
        Assert.Equal(reason.Length > 0, config.Conversion.Single(e => e.Setting == "disk").Action == ConversionAction.Changed);
    }

    [Theory]
    [InlineData("phy:/dev/x,xvda")]
    [InlineData("phy:/dev/x,xvda,x")]
    [InlineData("a,b,c,d,e,f")]
    [InlineData("tap:vmdk:/x,xvda,w")]
    [InlineData("phy:/dev/x,xvda,w,12x!")]
    public void A_disk_that_cannot_be_carried_over_is_refused(string xm)
    {
        XenDomainConfig config = Convert($"disk = ['{xm}']");

        Assert.Equal(ConversionAction.Refused, config.Conversion.Single(e => e.Setting == "disk").Action);
        XenDriverDomainException refused = Assert.Throws<XenDriverDomainException>(() => config.ToXlConfig());
        Assert.Equal(ErrorIds.ConfigConversionRefused, refused.ErrorId);
        Assert.Contains($":1:9: disk = '{xm}': ", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(config.ToXlConfig(leaveOutRefused: true));
        Assert.Contains(config.Findings, f => f is { Id: ErrorIds.ConversionRefused, Line: 1 });
    }

    [Theory]
    [InlineData("bridge=xenbr0, backend=dd ", "bridge=xenbr0,backend=dd", "blanks")]
    [InlineData(" mac = 00:16:3e:00:00:01 , ip=10.0.0.1", "mac=00:16:3e:00:00:01,ip=10.0.0.1", "blanks")]
    [InlineData("bridge=a,bridge=b", "bridge=b", "given twice")]
    [InlineData("type=netfront,accel=x,bridge=", "type=vif", "type is ioemu or vif")]
    [InlineData("", "", "")]
    [InlineData("bakend=dd", null, "refuses")]
    [InlineData("bridge", null, "refuses")]
    [InlineData("mac=bad", null, "no vif")]
    public void A_vif(string xm, string? xl, string reason)
    {
        XenDomainConfig config = Convert($"vif = ['{xm}']");

        Assert.Equal(xl, config.Vif.SingleOrDefault()?.Text);
        Assert.Contains(reason, config.Conversion.Single(e => e.Setting == "vif").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_xm_passes_over_is_told()
    {
        XenDomainConfig config = Convert("name = 'x'\nacpi = True\nmemory = (64,)\nhelper = 4\ntype = 'hvm'\n");

        Assert.Equal(["acpi", "memory"], config.Findings.Where(f => f.Id == ErrorIds.XmTypeIgnored).Select(f => f.Subject));
        Assert.Contains(
            "xl has a setting of that name", config.Conversion.Single(e => e.Setting == "type").Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(config.Conversion, e => e.Setting == "helper");
    }

    [Fact]
    public void What_a_file_prints_and_asks_for_is_told_with_its_place()
    {
        XenDomainConfig config = Convert("import os\nname = 'x'\nprint 'hello \\x1b[31m'\narch = os.uname()[4]\n");

        Finding printed = config.Findings.Single(f => f.Id == ErrorIds.XmRemark);
        Assert.Equal((FindingSeverity.Information, 3), (printed.Severity, printed.Line));
        Assert.DoesNotContain('\u001b', printed.Cause);
        Finding asked = config.Findings.Single(f => f.Id == ErrorIds.MachineAssumed);
        Assert.Equal((FindingSeverity.Information, 4, 11), (asked.Severity, asked.Line, asked.Column));
    }

    [Fact]
    public void A_file_that_is_far_too_long_is_not_read() => Assert.Equal(
        ErrorIds.ConfigSyntaxError,
        Assert.Throws<ConfigException>(() => DomainConfigImporter.Read(new byte[XlConfigDocument.MaxBytes + 1])).ErrorId);

    [Fact]
    public void A_file_without_a_name_gives_the_domain_its_own()
    {
        XenDomainConfig config = DomainConfigImporter.Read("kernel = '/k'\n", "/etc/xen/old-guest", DomainConfigFormat.Xm);

        Assert.Equal("old-guest", config.Name);
        Assert.Equal("old-guest", config.Conversion[0].Value);
    }

    [Fact]
    public void A_domain_that_xend_printed_loses_the_state_of_its_run()
    {
        XenDomainConfig config = DomainConfigImporter.Read(
            """
            (domain
                (domid 3)
                (cpu_weight 256)
                (cpu_cap 0)
                (pool_name Pool-0)
                (bootloader )
                (vcpus 1)
                (cpus (()))
                (on_poweroff destroy)
                (on_crash restart)
                (uuid 4c8a3b1e-0000-0000-0000-000000000001)
                (bootloader_args )
                (name dump)
                (on_reboot restart)
                (maxmem 256)
                (memory 256)
                (shadow_memory 0)
                (features )
                (image (linux (kernel /boot/vmlinuz) (args 'console=hvc0') (device_model /usr/lib/xen/bin/qemu-dm) (notes (FEATURES x))))
                (status 2)
                (state -b----)
                (store_mfn 1)
                (device (vif (bridge xenbr0) (uuid u) (script /etc/xen/scripts/vif-bridge) (mac 00:16:3e:00:00:09) (backend 0)))
                (device (console (protocol vt100)))
                (device (vbd (uname file:/x.img) (dev xvda:disk) (mode w) (bootable 1) (VDI )))
                (device (pci (dev (vdevfn 0x100) (func 0x0) (slot 0x05) (bus 0x01) (domain 0x0000) (opts (msitranslate 1)))))
            )
            """,
            null,
            DomainConfigFormat.Auto);

        Assert.Equal(("dump", 256, "console=hvc0"), (config.Name, config.MemoryMB, config.CommandLine));
        Assert.True(config.IsSound, string.Join('\n', config.Findings));
        Assert.Equal("0000:01:05.0,msitranslate=1", Assert.Single(config.PciDevice).Text);
        Assert.Equal("format=raw,vdev=xvda,access=rw,target=/x.img", Assert.Single(config.Disk).Text);
        Assert.Equal("bridge=xenbr0,script=/etc/xen/scripts/vif-bridge,mac=00:16:3e:00:00:09,backend=0", Assert.Single(config.Vif).Text);
        Assert.All(["domid", "status", "image/notes", "device/console"], s =>
            Assert.Equal(ConversionAction.Dropped, config.Conversion.Single(e => e.Setting == s).Action));
    }

    [Theory]
    [InlineData("(vm (name a)) (vm (name b))", ErrorIds.ConfigNotADomain)]
    [InlineData("(xend-config x)", ErrorIds.ConfigNotADomain)]
    [InlineData("(domain (domid 1) (create_info (name x)))", ErrorIds.ConfigNotADomain)]
    [InlineData("(vm (device (flux (x 1))))", ErrorIds.ConfigValueInvalid)]
    [InlineData("(vm (device (pci (dev (bus 0x1)(func 0x0)))))", ErrorIds.ConfigValueInvalid)]
    [InlineData("(vm (name a)", ErrorIds.ConfigSyntaxError)]
    public void Sxp_that_is_no_domain_is_an_error_with_its_place(string text, string errorId)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => DomainConfigImporter.Read(text, "x.sxp"));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(1, error.Location.Line);
        Assert.True(error.Location.Column > 0);
    }

    [Fact]
    public void Sxp_takes_no_variables()
    {
        XenDriverDomainException error = Assert.Throws<XenDriverDomainException>(
            () => DomainConfigImporter.Read("(vm (name a))", null, DomainConfigFormat.Auto, [KeyValuePair.Create("beid", "4")]));

        Assert.Equal(ErrorIds.ConfigVariableInvalid, error.ErrorId);
    }

    private static XenDomainConfig Convert(string file) => DomainConfigImporter.Read(file, "guest.conf", DomainConfigFormat.Xm);
}
