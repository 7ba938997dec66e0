namespace XenDriverDomain.Xm;

/// <summary>The options of <c>xm create</c> (tools/python/xen/xm/create.py of Xen 4.1, gopts.var).</summary>
public static class XmOptions
{
    /// <summary>How xm reads an option; null when it has none of that name.</summary>
    public static XmOptionKind? KindOf(string name) => name switch
    {
        "memory" or "maxmem" or "shadow_memory" or "cpu" or "rtc_timeoffset" or "pae" or "hpet" or "timer_mode" or "tsc_mode" or "nomigrate"
            or "vpt_align" or "viridian" or "acpi" or "apic" or "vcpus" or "vcpu_avail" or "vhpt" or "cpu_cap" or "cpu_weight" or "nics"
            or "videoram" or "target" or "hap" or "s3_integrity" or "oos" or "machine_address_size" or "pci_msitranslate"
            or "pci_power_mgmt" or "xen_platform_pci" or "superpages" => XmOptionKind.Number,
        "vncviewer" or "vncconsole" or "memory_sharing" or "blkif" or "netif" or "monitor" or "localtime" or "usb" or "stdvga" or "isa"
            or "nographic" or "vncunused" or "suppress_spurious_page_faults" => XmOptionKind.YesNo,
        "tpmif" or "disk" or "pci" or "vscsi" or "vusb" or "ioports" or "irq" or "vfb" or "vif" or "vif2" or "vtpm" or "access_control"
            or "cpuid" or "cpuid_check" => XmOptionKind.List,
        "vncpasswd" or "name" or "bootloader" or "bootargs" or "bootentry" or "kernel" or "ramdisk" or "loader" or "features" or "builder"
            or "cpus" or "restart" or "on_poweroff" or "on_reboot" or "on_crash" or "root" or "extra" or "ip" or "gateway" or "netmask"
            or "hostname" or "interface" or "dhcp" or "nfs_server" or "nfs_root" or "device_model" or "fda" or "fdb" or "parallel"
            or "serial" or "monitor_path" or "keymap" or "usbdevice" or "description" or "guest_os_type" or "boot" or "soundhw" or "vnc"
            or "vncdisplay" or "vnclisten" or "sdl" or "gfx_passthru" or "opengl" or "display" or "xauthority" or "uuid"
            or "on_xend_start" or "on_xend_stop" or "pool" => XmOptionKind.Text,
        _ => null,
    };
}

/// <summary>How xm reads an option of its command line.</summary>
public enum XmOptionKind
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>As Python's int() or long() reads it.</summary>
    Number,

    /// <summary>yes, y, no or n.</summary>
    YesNo,

    /// <summary>One more element of a list each time.</summary>
    List,
}
