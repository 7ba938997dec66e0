using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Hide;

namespace XenDriverDomain.Snapshots.Redaction;

/// <summary>
/// The one rule for what a snapshot keeps of a text, wherever the text stands: words known to be harmless stay, the rest goes. What can
/// be a secret, nobody can list: installers, images and scripts take passwords and keys in words of their own. So the words are listed
/// that a host's behaviour depends on; and what looks like a secret even among them goes, too.
/// </summary>
internal static partial class HarmlessWords
{
    /// <summary>How the report counts comments.</summary>
    public const string Comments = "comments in configuration and boot files";

    /// <summary>Why they are left out.</summary>
    public const string WhyComments = "a comment may hold anything, also a setting that was tried";

    private static readonly FrozenSet<string> s_linux = Set(
        """
        ro rw quiet splash nosplash rhgb nomodeset nopat single recovery -- --- placeholder debug nosmp noapic nolapic nosmt nopti nokaslr
        nohpet noefi irqpoll highres nohz nohz_full rootwait rootdelay panic mem maxcpus nr_cpus isolcpus rcu_nocbs hugepages hugepagesz
        default_hugepagesz transparent_hugepage elevator audit fsck.mode fsck.repair init rdinit
        pci guestdev reassign reassigndev reassign_resources iommu intel_iommu amd_iommu swiotlb pcie_aspm pcie_acs_override pcie_ports
        root rootfstype rootflags initrd modules resume rd.lvm.lv rd.lvm.vg rd.md.uuid rd.luks.uuid rd.auto net.ifnames biosdevname
        console earlyprintk earlycon loglevel rodata crashkernel mitigations apparmor selinux enforcing security acpi acpi_osi
        clocksource tsc vga video usb-storage.quirks systemd.unit systemd.unified_cgroup_hierarchy
        xen_emul_unplug xen_nopv xen_nopvspin xen_no_vector_callback xen_timer_slop xen_legacy_crash xen_mc_debug xen_msr_safe
        xen_512gb_limit xen_scrub_pages xen.balloon_boot_timeout xen.event_eoi_delay xen.event_loop_timeout xen.fifo_events
        role bridge devd netback
        """);

    // Modules' parameters: of those that have to do with Xen, and of USB, where nothing but timing and quirks is set.
    private static readonly string[] s_modules =
    [
        "pciback.", "xen-pciback.", "xen_pciback.", "xen-netback.", "xen_netback.", "xen-blkback.", "xen_blkback.", "xen-netfront.",
        "xen_netfront.", "xen-blkfront.", "xen_blkfront.", "xen-pcifront.", "xen_pcifront.", "xen-fbfront.", "xen_fbfront.",
        "xen-acpi-processor.", "xen_acpi_processor.", "xen_wdt.", "usbcore.",
    ];

    // docs/misc/xen-command-line.pandoc of Xen, 4.0 to 4.22.
    private static readonly FrozenSet<string> s_xen = Set(
        """
        placeholder acpi acpi_apic_instance acpi_pstate_strict acpi_skip_timer_override acpi_sleep allow_unsafe allowsuperpage altp2m apic
        apicv apic_verbosity arat argo asi asid async-show-all ats availmem badpage bootscrub bootscrub_chunk bti buddy-alloc-size cet
        clocksource cmci-threshold cmos-rtc-probe com1 com2 conring_size console console_timestamps console_to_ring core_parking
        cpu_type cpufreq cpuid cpuid_mask_cpu cpuid_mask_ecx cpuid_mask_edx cpuid_mask_ext_ecx cpuid_mask_ext_edx
        cpuid_mask_l7s0_eax cpuid_mask_l7s0_ebx cpuid_mask_thermal_ecx cpuid_mask_xsave_eax cpuidle crashinfo_maxaddr crashkernel
        credit2_balance_over credit2_balance_under credit2_cap_period_ms credit2_load_precision_shift credit2_load_window_shift
        credit2_runqueue dbgp debug_stack_lines debugtrace dit dma_bits dom0 dom0-cpuid dom0-iommu dom0-llc-colors dom0_ioports_disable
        dom0_max_vcpus dom0_mem dom0_nodes dom0_shadow dom0_vcpus_pin dom0pvh dtuart e820-mtrr-clip e820-verbose edd edid efi ehci-dbgp
        ept ext_regions extra_guest_irqs fid flask flask_enabled font force-ept ge gdb gnttab gnttab_max_frames gnttab_max_maptrack_frames
        gnttab_max_nr_frames guest_loglvl hap hap_1gb hap_2mb hardware_dom hest_disable highmem-start hmp-unsafe hpet hpet_broadcast
        hvm_debug hvm_fep hvm_port80 idle_latency_factor invpcid ioapic_ack iommu iommu_dev_iotlb_timeout iommu_inclusive_mapping
        irq-max-guests irq_ratelimit irq_vector_map ivmd ivrs_hpet ivrs_ioapic lapic lapic_timer_c2_ok ler llc-coloring llc-nr-ways
        llc-size loglvl low_crashinfo low_mem_virq_limit max_cstate max_gsi_irqs max_lpi_bits maxcpus mce mce_fb mce_verbosity mem
        memop-max-order microcode mmcfg mmio-relax msi mtrr.show mwait-idle nmi noapic nofxsr noirqbalance nolapic noreboot
        noserialnumber nosmp no-real-mode nr_irqs numa pci pci-passthrough pci-phantom pci_phantom pcid pdx-compress pku ple_gap
        ple_window probe-port-aliases psr pv pv-l1tf pv-linear-pt pv-shim rcu-idle-timer-period-ms reboot rmrr ro-hpet sched sched-gran
        sched_credit2_migrate_resist sched_credit2_max_cpus_runqueue sched_credit_tslice_ms sched_debug sched_ratelimit_us
        sched_smt_power_savings scrub-domheap serial_rx_tx serial_tx_buffer serrors shim_mem smap smep smt snb_igd_quirk spec-ctrl
        sync_console tboot tbuf_size tdp tevt_mask tickle_one_idle_cpu timer_slop tmem tsc tsx ucode unrestricted_guest unsafe
        vcpu_migration_delay verbose vesa-map vesa-mtrr vesa-ram vga viridian-spinlock-retry-count viridian-version vm-notify-window vpid
        vpmu vtd vwfi watchdog watchdog_timeout wfi x2apic x2apic-mode x2apic_phys xen-llc-colors xenheap_megabytes xpti xsave xsm
        maxfreq minfreq hwp hdc powersave msr-sc rsb verw md-clear ibpb-entry bhb-entry bti-thunk bhb-seq ibrs stibp ssbd psfd ibpb
        eager-fpu l1d-flush branch-harden srb-lock unpriv-mmio gds-mit div-scrub lock-harden bp-spec-reduce
        """);

    // xen-pciback's own (modinfo), and the backslash that continues a line.
    private static readonly FrozenSet<string> s_pciback =
        Set("hide permissive passthrough verbose_request allow_interrupt_control disable_msix disable_msi \\");

    // What follows a word's own name within its value.
    private static readonly FrozenSet<string> s_inValue = Set(
        """
        UUID LABEL PARTUUID PARTLABEL subvol subvolid compress data errors commit max min hide seize resource_alignment
        """);

    // xl.cfg's and xend's settings of devices: disks (xl-disk-configuration(5)), networks, PCI, consoles and the rest.
    private static readonly FrozenSet<string> s_devices = Set(
        """
        format vdev access target script backend backendtype devtype direct-io-safe discard no-discard colo no-colo colo-host colo-export
        active-disk hidden-disk trusted untrusted cdrom iqn portal multipath iface lun
        mac bridge ip model type vifname rate devid gateway netdev mtu handle
        permissive msitranslate power_mgmt seize rdm_policy slot reserve strategy policy vslot
        vnc vnclisten vncdisplay vncunused vncviewer sdl opengl display keymap
        hostbus hostaddr version ports controller port connection name tag path security_model transport pnode size vcpus vdistances
        be-dom be-wait-time width height
        """);

    // A space divides: lists of mount options.
    private static readonly FrozenSet<string> s_mounts = Set(
        """
        rw ro relatime noatime nodiratime nosuid nodev noexec sync async dirsync lazytime discard errors data commit barrier stripe
        journal_checksum inode64 noquota logbufs logbsize attr2 space_cache ssd subvol subvolid compress size nr_inodes mode uid gid
        fmask dmask codepage iocharset shortname utf8 shared master propagate_from unbindable
        """);

    // pygrub's, xl.cfg(5).
    private static readonly FrozenSet<string> s_loaders =
        Set("-q --quiet -n --not-really --kernel --ramdisk --offset --entry --output-format --isconfig");

    // Comments that come with the packages, and the notes of this module's own.
    private static readonly FrozenSet<string> s_comments = new[]
    {
        "If you change this file, run 'update-grub' afterwards to update",
        "If you change this file, run 'update-grub' afterwards",
        "/boot/grub/grub.cfg.",
        "/boot/grub/grub.cfg",
        "For full documentation of the options in this file, see:",
        "info -f grub -n 'Simple configuration'",
        "Uncomment to enable BadRAM filtering, modify to suit your needs",
        "This works with Linux (no patch required) and with any kernel that obtains",
        "the memory map information from GRUB (GNU Mach, kernel of FreeBSD ...)",
        "Uncomment to disable graphical terminal (grub-pc only)",
        "Uncomment to disable graphical terminal",
        "The resolution used on graphical terminal",
        "note that you can use only modes which your graphic card supports via VBE",
        "you can see them in real GRUB with the command `vbeinfo'",
        "you can see them in real GRUB with the command `videoinfo'",
        "Uncomment if you don't want GRUB to pass \"root=UUID=xxx\" parameter to Linux",
        "Uncomment to disable generation of recovery mode menu entries",
        "Uncomment to get a beep at grub start",
        "If your computer has multiple operating systems installed, then you",
        "probably want to run os-prober. However, if your computer is a host",
        "for guest OSes installed via LVM or raw disk devices, running",
        "os-prober can cause damage to those guest OSes as it mounts",
        "filesystems to look for things.",
        "List of modules that you want to include in your initramfs.",
        "They will be loaded at boot time in the order below.",
        "Syntax:  module_name [args ...]",
        "You must run update-initramfs(8) to effect this change.",
        "Examples:",
        "Options for the hypervisor, and for dom0's kernel with Xen only.",
        "Written by XenDriverDomain. Comments and settings that you add are kept.",
        "configuration for extlinux config builder",
        "end of automagic kernel list",
        "## End Default Options ##",
        "### BEGIN AUTOMAGIC KERNELS LIST",
        "### END DEBIAN AUTOMAGIC KERNELS LIST",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The words of a text's kind, each <c>NAME</c> or <c>NAME=VALUE</c>.</summary>
    internal enum Kind
    {
        /// <summary>Parameters of a Linux kernel, and of what such a kernel starts.</summary>
        Linux,

        /// <summary>Parameters of Xen.</summary>
        Xen,

        /// <summary>Options of pciback, where its name stands before them.</summary>
        Pciback,

        /// <summary>Settings of a domain's devices.</summary>
        Device,

        /// <summary>Options of a mount.</summary>
        Mount,

        /// <summary>Arguments of a domain's boot loader.</summary>
        Loader,
    }

    /// <summary>The same text without the words that are not kept and the blanks before them; what is between the others stays.</summary>
    public static (string Kept, int LeftOut) ReduceInPlace(string text, Kind kind)
    {
        StringBuilder kept = new(text.Length);
        int at = 0, leftOut = 0;
        foreach ((int start, int length) in HideWord.AllWords(text))
        {
            if (IsHarmless(text.Substring(start, length), kind))
            {
                kept.Append(text, at, start + length - at);
            }
            else
            {
                leftOut++;
            }

            at = start + length;
        }

        return (kept.Append(text, at, text.Length - at).ToString(), leftOut);
    }

    /// <summary>The words that are kept, one blank between them, and how many were not.</summary>
    public static (string Kept, int LeftOut) Reduce(string text, Kind kind)
    {
        (string kept, int leftOut) = ReduceInPlace(text, kind);
        return (string.Join(' ', kept.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)), leftOut);
    }

    /// <summary>
    /// A list of settings, divided by commas, of which each may have parts divided by colons: a disk, a network, a node of xenstore.
    /// Without an equals sign it is a name, a number or a path, and stays.
    /// </summary>
    public static (string Kept, int LeftOut) ReduceSettings(string text, Kind kind)
    {
        bool hasSettings = text.Contains('=', StringComparison.Ordinal);
        if (IsUrlWithUser(text) || (!hasSettings && IsTelling(text)))
        {
            return (Secrets.Mask, 1);
        }

        if (!hasSettings)
        {
            return (text, 0);
        }

        int leftOut = 0;
        bool isInSecret = false;
        List<string> kept = [];
        foreach (string one in Divide(text, ','))
        {
            (string name, string? value) = Split(one.TrimStart());
            bool isSetting = value is not null && !IsPositional(one);
            if (isSetting ? !Names(kind).Contains(name.TrimEnd()) : isInSecret || IsTelling(one.Trim()))
            {
                // What follows without a name may be the rest of it.
                isInSecret = true;
                leftOut++;
                continue;
            }

            isInSecret = false;
            List<string> parts = [];
            foreach (string part in Divide(one, ':'))
            {
                // The storage's own settings follow the name of its image: target=rbd:pool/image:id=admin.
                bool isFirst = parts.Count == 0 && isSetting;
                (string inner, string? set) = Split(isFirst ? Split(part).Value! : part.TrimStart());
                if (set is null ? !isInSecret : Names(kind).Contains(inner))
                {
                    isInSecret = false;
                    parts.Add(part);
                    continue;
                }

                isInSecret = true;
                leftOut++;
                if (isFirst)
                {
                    parts.Add($"{part[..(part.IndexOf('=', StringComparison.Ordinal) + 1)]}{Secrets.Mask}");
                }
            }

            if (parts.Count > 0)
            {
                kept.Add(string.Join(':', parts));
            }
        }

        return (kept.Count == 0 ? Secrets.Mask : string.Join(',', kept), leftOut);
    }

    /// <summary>True for a word that stays.</summary>
    public static bool IsHarmless(string word, Kind kind)
    {
        // A word, or its value, may stand in quotes, which are escaped in a shell's.
        string bare = word.TrimStart('\\', '"', '\'');
        if (Secrets.MayHoldSecret(word) || bare.Any(char.IsWhiteSpace) || IsUrlWithUser(word))
        {
            return false;
        }

        (string name, string? value) = Split(bare.TrimEnd('\\', '"', '\''));
        return name.Length == 0 ? value is null
            : IsReference(bare.TrimEnd('\\', '"', '\'')) || (IsName(name, kind) && (value is null || IsValue(value, kind)));
    }

    /// <summary>
    /// True for a text that is one plain thing: no setting and no secret's name in it, and nothing that a shell would have to run.
    /// </summary>
    public static bool IsPlain(string text) =>
        !IsTelling(text) && !IsUrlWithUser(text) && text.IndexOfAny(['=', '`']) < 0
        && !text.Contains("$(", StringComparison.Ordinal);

    /// <summary>True for a comment that says nothing of this host.</summary>
    public static bool IsKnownComment(string comment)
    {
        string text = comment.TrimStart(' ', '\t', '#', ';').TrimEnd();
        return text.Length == 0 || s_comments.Contains(text) || text == Secrets.Mask || GeneratedMark().IsMatch(text);
    }

    // By this, update-extlinux knows its own file.
    [GeneratedRegex("^Generated by update-extlinux [0-9.]+$")]
    private static partial Regex GeneratedMark();

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenSet<string> Names(Kind kind) => kind switch
    {
        Kind.Linux => s_linux,
        Kind.Xen => s_xen,
        Kind.Pciback => s_pciback,
        Kind.Device => s_devices,
        Kind.Mount => s_mounts,
        _ => s_loaders,
    };

    private static bool IsName(string name, Kind kind) => Names(kind).Contains(name) || kind switch
    {
        Kind.Linux => s_modules.Any(module => name.StartsWith(module, StringComparison.Ordinal)),
        Kind.Xen => name.StartsWith("no-", StringComparison.Ordinal) && s_xen.Contains(name[3..]),
        _ => false,
    };

    // console=com1,vga; rootflags=subvol=@,compress=zstd; spec-ctrl=xen,ibrs=0
    private static bool IsValue(string value, Kind kind) => value.Split(',', ':', ';').All(part =>
    {
        (string name, string? inner) = Split(part.TrimStart('\\', '"', '\'', '('));
        return inner is null || s_inValue.Contains(name) || (kind == Kind.Xen && IsName(name, kind));
    });

    private static (string Name, string? Value) Split(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
    }

    // What has its first equals sign behind a colon is a name with settings: rbd:pool/image:id=admin.
    private static bool IsPositional(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal), colon = setting.IndexOf(':', StringComparison.Ordinal);
        return equals >= 0 && colon >= 0 && colon < equals;
    }

    // A divider behind a backslash divides nothing.
    private static List<string> Divide(string text, char divider)
    {
        List<string> parts = [];
        int start = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == divider && (at == 0 || text[at - 1] != '\\'))
            {
                parts.Add(text[start..at]);
                start = at + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    // $NAME or ${NAME}: what it stands for is looked at where it is set.
    private static bool IsReference(string word) => word is ['$', .. var name]
        && (name is ['{', .. var inner, '}'] ? inner : name) is { Length: > 0 } variable
        && variable.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // A single word is a name or a path, and may be called as it likes.
    private static bool IsTelling(string text) => text.Any(char.IsWhiteSpace) && Secrets.MayHoldSecret(text);

    // iscsi://user%password@host/volume
    private static bool IsUrlWithUser(string text)
    {
        int slashes = text.IndexOf("//", StringComparison.Ordinal);
        return slashes >= 0 && text.IndexOf('@', slashes) >= 0;
    }
}
