using System.Collections.Frozen;
using XenDriverDomain.Configuration.XlCfg;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>
/// The settings of xm and xend (create.py and XendConfig.py of Xen 4.1) and what becomes of each in xl.cfg: one row a setting.
/// </summary>
internal static class XendRules
{
    private const string NoEmulation = "xl's device model has no setting for it; see device_model_args in xl.cfg(5)";
    private const string XendOnly = "only xend needed it";

    private static readonly XendRule[] s_rows =
    [
        // What the domain is.
        Text("name"),
        Text("uuid"),
        Own("builder", GeneralRules.Builder),
        Dropped("description", "xl keeps no description"),
        Dropped("guest_os_type", "xl has no use for it"),
        Own("restart", GeneralRules.Restart),
        Text("on_poweroff"),
        Text("on_reboot"),
        Text("on_crash"),
        Dropped("on_xend_start", "xend is gone; xendomains starts at boot what /etc/xen/auto has a link to"),
        Dropped("on_xend_stop", "xend is gone; xendomains stops domains at shutdown"),
        Own("netif", GeneralRules.ServesOthers),
        Own("blkif", GeneralRules.ServesOthers),
        Own("tpmif", GeneralRules.ServesOthers),
        Refused("access_control", "labels of the ACM of those days mean nothing to XSM; write a seclabel"),
        Own("target", GeneralRules.ZeroOnly("it made the domain a stub domain of another; xl makes those by itself")),

        // Memory and processors.
        Number("memory"),
        Number("maxmem"),
        Number("shadow_memory"),
        Dropped("memory_sharing", "xl's domains share no memory"),
        Dropped("superpages", "xl decides on superpages by itself"),
        Dropped("machine_address_size", "xl has no limit of addresses"),
        Dropped("suppress_spurious_page_faults", "xl has no setting for it"),
        Dropped("s3_integrity", "xl has no setting for it"),
        Number("vcpus"),
        Own("vcpu_avail", GeneralRules.OnlineVcpus),
        Own("cpu", GeneralRules.Cpu),
        Own("cpus", GeneralRules.Cpus),
        Number("cpu_cap", "cap"),
        Number("cpu_weight"),
        Text("pool"),
        List("cpuid"),
        Dropped("cpuid_check", "xl does not compare the host's processor with it"),
        Dropped("features", "it asked the kernel's loader for what every kernel has now"),
        Dropped("vhpt", "it was for Itanium, which Xen left"),

        // How it boots.
        Own("kernel", BootRules.Kernel),
        Own("ramdisk", BootRules.Ramdisk),
        Own("loader", BootRules.FirmwareFile),
        Own("bootloader", BootRules.Bootloader),
        Text("bootargs", "bootloader_args"),
        Dropped("bootentry", "xm itself had no more use for it"),
        Own("root", XendKernelLine.Note),
        Own("extra", XendKernelLine.Note),
        Own("ip", XendKernelLine.Note),
        Own("gateway", XendKernelLine.Note),
        Own("netmask", XendKernelLine.Note),
        Own("hostname", XendKernelLine.Note),
        Own("interface", XendKernelLine.Note),
        Own("dhcp", XendKernelLine.Note),
        Own("nfs_server", XendKernelLine.Note),
        Own("nfs_root", XendKernelLine.Note),
        Own(XendKernelLine.ReadyIp, XendKernelLine.Note),

        // Devices.
        Items("disk", "disk", XendDisk.Convert),
        Items("vif", "vif", XendVif.Convert),
        Items("pci", "pci", XendPci.Convert),
        Items("vfb", "vfb", XendFrameBuffer.Convert),
        Items("vtpm", "vtpm", XendVtpm.Convert),
        Items("vusb", "usbctrl", XendUsb.Convert),
        Own("nics", GeneralRules.Nics),
        Refused("vif2", "xl has no second version of network interfaces; write a vif"),
        Refused("vscsi", "xl has no SCSI devices; give the disk as a disk"),
        List("ioports"),
        List("irq", "irqs"),
        Number("pci_msitranslate") with { IsHvmOnly = true },
        Flag("pci_power_mgmt") with { IsHvmOnly = true },

        // The machine of an HVM guest.
        Text("boot") with { IsHvmOnly = true },
        Flag("acpi") with { IsHvmOnly = true },
        Flag("apic") with { IsHvmOnly = true },
        Flag("pae") with { IsHvmOnly = true },
        Flag("hpet") with { IsHvmOnly = true },
        Flag("hap") with { IsHvmOnly = true },
        Flag("viridian") with { IsHvmOnly = true },
        Flag("vpt_align") with { IsHvmOnly = true },
        Flag("xen_platform_pci") with { IsHvmOnly = true },
        Flag("oos"),
        Number("timer_mode") with { IsHvmOnly = true },
        Number("tsc_mode"),
        Flag("nomigrate"),
        Number("rtc_timeoffset") with { IsHvmOnly = true },
        Flag("localtime"),
        Own("device_model", BootRules.DeviceModel) with { IsHvmOnly = true },
        Dropped("isa", "no guest has only an ISA bus any more"),
        Refused("fda", NoEmulation),
        Refused("fdb", NoEmulation),
        Dropped("parallel", NoEmulation),
        Text("serial"),
        Dropped("monitor", NoEmulation),
        Dropped("monitor_path", NoEmulation),
        Text("soundhw") with { IsHvmOnly = true },
        Flag("usb") with { IsHvmOnly = true },
        Text("usbdevice") with { IsHvmOnly = true },
        Flag("gfx_passthru") with { IsHvmOnly = true },
        Flag("stdvga") with { IsHvmOnly = true },
        Own("videoram", BootRules.VideoMemory) with { IsHvmOnly = true },
        Flag("nographic") with { IsHvmOnly = true },
        Flag("vnc") with { IsHvmOnly = true },
        Text("vnclisten") with { IsHvmOnly = true },
        Number("vncdisplay") with { IsHvmOnly = true },
        Flag("vncunused") with { IsHvmOnly = true },
        Text("vncpasswd") with { IsHvmOnly = true },
        Dropped("vncviewer", "xl create -V opens a viewer"),
        Dropped("vncconsole", "xl vncviewer opens a viewer"),
        Flag("sdl") with { IsHvmOnly = true },
        Flag("opengl") with { IsHvmOnly = true },
        Text("display") with { IsHvmOnly = true },
        Text("xauthority") with { IsHvmOnly = true },
        Text("keymap") with { IsHvmOnly = true },

        // What only (domain …) has: the state of a domain that ran.
        Dropped("domid", "it is a domain's number while it ran"),
        Dropped("status", XendOnly),
        Dropped("state", "it is what a domain did while it ran"),
        Dropped("store_mfn", "it is from a domain that ran"),
        Dropped("console_mfn", "it is from a domain that ran"),
        Dropped("start_time", "it is from a domain that ran"),
        Dropped("cpu_time", "it is from a domain that ran"),
        Dropped("up_time", "it is from a domain that ran"),
        Dropped("online_vcpus", "it is from a domain that ran"),
        Dropped("shutdown_reason", "it is from a domain that ran"),
        Dropped("notes", "they are read from the kernel again"),
        Dropped("security_label", "labels of the ACM of those days mean nothing to XSM; write a seclabel where one is needed"),
        Dropped("change_home_server", XendOnly),
        Dropped("console", "xl gives every domain a console"),
        Dropped("vkbd", "xl adds a keyboard to a vfb"),
        Dropped("xen_extended_power_mgmt", "xl has no setting for it"),
    ];

    private static readonly FrozenDictionary<string, XendRule> s_byName = s_rows.ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>The rule for a setting; null when neither xm nor xend knew one of that name.</summary>
    public static XendRule? Find(string name) => s_byName.GetValueOrDefault(name);

    private static XendRule Text(string name, string? key = null) => new(name, (to, setting) =>
    {
        if (to.Scalar(setting) is { } text)
        {
            to.Map(setting, key ?? name, XlConfigAtom.FromString(text));
        }
    });

    private static XendRule Number(string name, string? key = null) => new(name, (to, setting) => to.Number(setting, key ?? name));

    private static XendRule Flag(string name) => new(name, (to, setting) => to.Flag(setting, name));

    private static XendRule List(string name, string? key = null) => Items(name, key ?? name, static (text, _) => XendPart.Of(text.Trim()));

    private static XendRule Items(string name, string key, Func<string, XendConversion, XendPart> convert) =>
        new(name, (to, setting) => to.List(setting, key, convert));

    private static XendRule Own(string name, Action<XendConversion, XendSetting> convert) => new(name, convert);

    private static XendRule Dropped(string name, string why) => new(name, (to, setting) => to.Drop(setting, why));

    private static XendRule Refused(string name, string why) => new(name, (to, setting) => to.Refuse(setting, why));
}

/// <summary>What becomes of one setting of xend's time: a row of <see cref="XendRules"/>.</summary>
/// <param name="Name">xm's name for the setting.</param>
/// <param name="Convert">Does it.</param>
internal sealed record XendRule(string Name, Action<XendConversion, XendSetting> Convert)
{
    /// <summary>True for a setting that xm hands on for HVM guests only (create.py, configure_hvm).</summary>
    public bool IsHvmOnly { get; init; }
}
