namespace XenDriverDomain.Access;

/// <summary>What is done with a path of the kernel's, or a tree of xenstore.</summary>
[Flags]
internal enum KernelUse
{
    /// <summary>Whether it is there, what names it has, where a link leads: nothing is opened.</summary>
    Look = 1,

    /// <summary>Its content is read.</summary>
    Read = 2,

    /// <summary>It is written, or made and removed.</summary>
    Write = 4,
}

/// <summary>The worst that a use can do to a kernel between 2.6.18 and 7.x.</summary>
internal enum KernelDanger
{
    /// <summary>Nothing: the kernel answers from memory, under locks or counts that hold what it looks at.</summary>
    None,

    /// <summary>It waits for a lock that a reset, a probe or a hung device may hold for long.</summary>
    Waits,

    /// <summary>It changes which driver has a device, or what a guest may do with it: what the product is for.</summary>
    Changes,

    /// <summary>Some kernels follow a pointer to nothing, or to something else, and crash.</summary>
    Crashes,
}

/// <summary>A path of sysfs or procfs that this product touches.</summary>
/// <param name="Pattern">The path; <c>*</c> stands for any characters of one component.</param>
/// <param name="Use">What is done with it.</param>
/// <param name="Danger">The worst that this can do.</param>
internal sealed record KernelPath(string Pattern, KernelUse Use, KernelDanger Danger = KernelDanger.None);

/// <summary>A tree of xenstore that this product touches.</summary>
/// <param name="Root">Its root; <c>*</c> stands for one component.</param>
/// <param name="Use">What is done with it.</param>
internal sealed record StoreTree(string Root, KernelUse Use);

/// <summary>
/// All of sysfs, procfs and xenstore that this product touches. What is not here is not touched; docs/security.md says the same to an
/// administrator, with the reasons. Left out on purpose, since they reach the hardware or hand it out: a function's config, vpd, rom,
/// resourceN, reset, remove, enable, msi_bus, d3cold_allowed; the bus's rescan; pciback's irq_handler_state.
/// </summary>
internal static class KernelAccess
{
    private const string Device = "/sys/bus/pci/devices/*";
    private const string Drivers = "/sys/bus/pci/drivers";
    private const string Pciback = Drivers + "/pciback";

    /// <summary>
    /// The only path that can crash the kernel by being read (conf_space_quirks.c, pci_stub.c, quirks_show). Its entries hold no reference
    /// to their device; releasing a device frees the first entry with equal ids, which need not be its own; and a probe that fails late
    /// leaves its entry. What is left points at a device that has no driver, another driver, or is gone. To store a field goes through
    /// another list, whose lock and counts hold.
    /// </summary>
    public const string Quirks = Pciback + "/quirks";

    /// <summary>All of sysfs and procfs.</summary>
    public static IReadOnlyList<KernelPath> Paths { get; } =
    [
        new(Quirks, KernelUse.Write, KernelDanger.Changes),

        // pciback's other attributes go through lists whose locks are those that the writers hold.
        new(Pciback, KernelUse.Look),
        new(Pciback + "/*:*", KernelUse.Look),
        new(Pciback + "/slots", KernelUse.Read),
        new(Pciback + "/permissive", KernelUse.Read | KernelUse.Write, KernelDanger.Changes),
        new(Pciback + "/allow_interrupt_control", KernelUse.Read),
        new(Pciback + "/new_slot", KernelUse.Write, KernelDanger.Changes),
        new(Pciback + "/remove_slot", KernelUse.Write, KernelDanger.Changes),

        // Up to Linux 4.x pciback's clean-up after a bind that failed late follows NULL (pcistub_device_release).
        new(Pciback + "/bind", KernelUse.Write, KernelDanger.Crashes),
        new(Pciback + "/unbind", KernelUse.Write, KernelDanger.Changes),
        new(Drivers + "/*", KernelUse.Look),
        new(Drivers + "/*/*:*", KernelUse.Look),
        new(Drivers + "/*/module", KernelUse.Look),
        new(Drivers + "/*/bind", KernelUse.Write, KernelDanger.Changes),
        new(Drivers + "/*/unbind", KernelUse.Write, KernelDanger.Changes),

        new(Device, KernelUse.Look),
        new(Device + "/driver", KernelUse.Look),
        new(Device + "/physfn", KernelUse.Look),
        new(Device + "/virtfn*", KernelUse.Look),
        new(Device + "/reset", KernelUse.Look),
        new(Device + "/max_link_speed", KernelUse.Look),
        new(Device + "/msi_irqs", KernelUse.Look),
        new(Device + "/msi_irqs/*", KernelUse.Look),
        new(Device + "/vendor", KernelUse.Read),
        new(Device + "/device", KernelUse.Read),
        new(Device + "/class", KernelUse.Read),
        new(Device + "/subsystem_vendor", KernelUse.Read),
        new(Device + "/subsystem_device", KernelUse.Read),
        new(Device + "/revision", KernelUse.Read),
        new(Device + "/irq", KernelUse.Read),
        new(Device + "/numa_node", KernelUse.Read),
        new(Device + "/resource", KernelUse.Read),
        new(Device + "/reset_method", KernelUse.Read),
        new(Device + "/boot_vga", KernelUse.Read),
        new(Device + "/modalias", KernelUse.Read),
        new(Device + "/driver_override", KernelUse.Read | KernelUse.Write, KernelDanger.Crashes),
        new(Device + "/sriov_totalvfs", KernelUse.Read),
        new(Device + "/sriov_numvfs", KernelUse.Read, KernelDanger.Waits),
        new(Device + "/sriov_offset", KernelUse.Read),
        new(Device + "/sriov_stride", KernelUse.Read),
        new(Device + "/sriov_vf_device", KernelUse.Read),

        new("/sys/class/net/*", KernelUse.Look),
        new("/sys/class/net/*/upper_*", KernelUse.Look),
        new("/sys/class/net/*/bonding", KernelUse.Look),
        new("/sys/class/net/*/bridge", KernelUse.Look),
        new("/sys/class/net/*/brif/*", KernelUse.Look),
        new("/sys/class/net/*/slave_*", KernelUse.Look),
        new("/sys/class/net/*/tun_flags", KernelUse.Look),
        new("/sys/class/net/*/operstate", KernelUse.Read),
        new("/sys/class/block/*", KernelUse.Look),
        new("/sys/class/block/*/slaves/*", KernelUse.Look),
        new("/sys/class/block/*/dev", KernelUse.Read),
        new("/sys/class/block/*/dm/name", KernelUse.Read),
        new("/sys/class/block/*/dm/uuid", KernelUse.Read),
        new("/sys/class/block/*/loop/backing_file", KernelUse.Read),
        new("/sys/fs/btrfs/*/devices/*", KernelUse.Look),
        new("/sys/bus/usb/devices/*", KernelUse.Look),
        new("/sys/bus/usb/devices/*/product", KernelUse.Read, KernelDanger.Waits),
        new("/sys/bus/usb/devices/*/manufacturer", KernelUse.Read, KernelDanger.Waits),
        new("/sys/bus/usb/devices/*/bInterfaceClass", KernelUse.Read),
        new("/sys/class/input/input*", KernelUse.Look),
        new("/sys/class/input/input*/capabilities/ev", KernelUse.Read),
        new("/sys/class/tty/ttyS*", KernelUse.Look),
        new("/sys/class/tty/console/active", KernelUse.Read),
        new("/sys/class/drm/card*", KernelUse.Look),
        new("/sys/class/graphics/fb*", KernelUse.Look),
        new("/sys/firmware/efi", KernelUse.Look),
        new("/sys/hypervisor/type", KernelUse.Read),
        new("/sys/hypervisor/version/*", KernelUse.Read),
        new("/sys/module/*", KernelUse.Look),
        new("/sys/module/*/initstate", KernelUse.Look),
        new("/sys/module/*/parameters/hide", KernelUse.Read),
        new("/sys/module/xen_pciback/parameters/passthrough", KernelUse.Read),
        new("/sys/module/xen_pciback/parameters/permissive", KernelUse.Read),

        new("/proc/1/mountinfo", KernelUse.Read),
        new("/proc/self/mountinfo", KernelUse.Read),
        new("/proc/self/status", KernelUse.Read),
        new("/proc/cmdline", KernelUse.Read),
        new("/proc/config.gz", KernelUse.Read),
        new("/proc/net/route", KernelUse.Read),
        new("/proc/net/ipv6_route", KernelUse.Read),
        new("/proc/swaps", KernelUse.Read),
        new("/proc/sys/kernel/hostname", KernelUse.Read),
        new("/proc/sys/kernel/osrelease", KernelUse.Read),
        new("/proc/sys/kernel/version", KernelUse.Read),
        new("/proc/xen/capabilities", KernelUse.Read),

        // By the transports alone: the way to xenstored without a socket, and the shell over SSH that looks after its own children.
        new("/proc/xen/xenbus", KernelUse.Read | KernelUse.Write),
        new("/proc/*/stat", KernelUse.Read),
        new("/proc/*/fd/*", KernelUse.Look),
    ];

    /// <summary>What Get-XenPciQuirk -FromKernel reads besides, and nothing else does.</summary>
    public static KernelPath FromKernel { get; } = new(Quirks, KernelUse.Read, KernelDanger.Crashes);

    /// <summary>All of xenstore that is touched with a cmdlet's own requests; xl touches more. A snapshot reads whole trees.</summary>
    public static IReadOnlyList<StoreTree> Store { get; } =
    [
        new("/tool", KernelUse.Read),
        new("/vm", KernelUse.Read),
        new("/local", KernelUse.Read),
        new("/local/domain/*/backend", KernelUse.Read | KernelUse.Write),
        new("/local/domain/*/device", KernelUse.Read | KernelUse.Write),
        new("/local/domain/*/control/shutdown", KernelUse.Read | KernelUse.Write),
        new("/local/domain/0/xendriverdomain", KernelUse.Read | KernelUse.Write),
        new("/libxl", KernelUse.Read | KernelUse.Write),
    ];

    /// <summary>Whether a use of a path is on the list. A pattern to expand counts as a path.</summary>
    /// <param name="path">The path, links in it as they were named.</param>
    /// <param name="use">What is done with it.</param>
    public static bool Allows(string path, KernelUse use)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach (KernelPath one in Paths)
        {
            // What may be read or written may be looked at.
            if ((use == KernelUse.Look || one.Use.HasFlag(use)) && BulkPath.MatchesAll(one.Pattern, path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a use of a node of xenstore is on the list.</summary>
    /// <param name="path">The node's absolute path, or a special watch such as <c>@releaseDomain</c>.</param>
    /// <param name="use">What is done with it.</param>
    public static bool AllowsNode(string path, KernelUse use)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.StartsWith('@') || path == "/")
        {
            return use != KernelUse.Write;
        }

        string[] parts = path.Split('/');
        foreach (StoreTree tree in Store)
        {
            string[] root = tree.Root.Split('/');
            if ((use == KernelUse.Look || tree.Use.HasFlag(use)) && parts.Length >= root.Length
                && BulkPath.MatchesAll(tree.Root, string.Join('/', parts[..root.Length])))
            {
                return true;
            }
        }

        return false;
    }
}
