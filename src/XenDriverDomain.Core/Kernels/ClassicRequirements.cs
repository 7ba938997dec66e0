using static XenDriverDomain.Errors.FindingSeverity;
using static XenDriverDomain.Kernels.KernelRole;

namespace XenDriverDomain.Kernels;

/// <summary>
/// What roles need of Xen's own Linux 2.6.18 and its descendants (linux-2.6.18-xen: drivers/xen/Kconfig, arch/i386/Kconfig): one kernel for
/// one kind of domain, back ends of other names, and a pciback whose view is chosen when it is built.
/// </summary>
internal static class ClassicRequirements
{
    private const string LoadYourself =
        "Nothing loads it in a driver domain: name it in /etc/modules or the distribution's list, or build it in.";

    private const string InInitramfs =
        "It must be in the initial RAM disk of the domain when its root file system or network depends on it; or build it in.";

    /// <summary>The rows, the most fundamental first.</summary>
    public static IReadOnlyList<KernelRequirement> All { get; } =
    [
        new("XEN", Error, "Without it the kernel knows nothing of Xen.", Enum.GetValues<KernelRole>()),
        new("XEN_PVHVM", Error, "A kernel of this kind runs in PV domains only.", HvmDriverDomain)
        {
            Remedy = "Start the driver domain as type=\"pv\", or use a kernel of Linux 2.6.37 or later.",
        },
        new("PCI", Error, "Without it there are no PCI devices.", Dom0, PvDriverDomain),
        new("XEN_PRIVILEGED_GUEST", Error, "Xen cannot start the kernel as its control domain.", Dom0) { DependsOn = "XEN" },
        new("XEN_PRIVCMD", Error, "xl or xend cannot make a hypercall: there is no /proc/xen/privcmd.", Dom0, PvDriverDomain)
        {
            DependsOn = "XEN",
        },
        new("XEN_XENBUS_DEV", Error, "Programs cannot reach xenstore: there is no /proc/xen/xenbus.", Dom0, PvDriverDomain)
        {
            DependsOn = "XEN",
        },
        new("XEN_BACKEND", Error, "Not one back-end driver can be built without it.", Dom0, NetworkBackend, DiskBackend)
        {
            IsTristate = true, DependsOn = "XEN", DefaultsTo = "XEN_PRIVILEGED_GUEST",
        },
        new("XEN_PCIDEV_BACKEND", Error, "No PCI device can be given to a domain: pciback always runs in dom0.", Dom0)
        {
            Module = "pciback",
            DependsOn = "XEN_BACKEND",
            AsModule = "pciback.hide= on the command line means nothing to a module: put options pciback hide=(…) into modprobe's "
                + "configuration and the module into the initial RAM disk, before the device's own driver; or build it in.",
        },
        new("XEN_SYSFS", Warning, "There is no /sys/hypervisor, from which Xen's version is read.", Dom0) { DependsOn = "XEN" },

        new("XEN_PCIDEV_FRONTEND", Error, "The domain does not see the PCI devices that it owns.", PvDriverDomain)
        {
            Module = "pcifront",
            DependsOn = "XEN",
            AsModule = "It must be loaded before the device can be found: put it into the initial RAM disk, or build it in as these "
                + "kernels do by default.",
        },
        new(
            "SWIOTLB", Warning,
            "Drivers of devices that need contiguous memory fail; with it, swiotlb=force belongs on the domain's command line.",
            PvDriverDomain),

        new("XEN_NETDEV_BACKEND", Error, "The domain cannot serve network interfaces.", NetworkBackend)
        {
            Module = "netbk", DependsOn = "XEN_BACKEND", AsModule = LoadYourself,
        },
        new(
            "XEN_NETDEV_LOOPBACK", Warning,
            "Xen 3's network-bridge script finds no vif0.0 and veth0; a bridge made by the distribution needs neither.", NetworkBackend)
        {
            Module = "netloop", DependsOn = "XEN_NETDEV_BACKEND",
        },
        new("BRIDGE", Warning, "vif-bridge, the default script, has no bridge to put vifs into.", NetworkBackend) { Module = "bridge" },
        new("XEN_BLKDEV_BACKEND", Error, "The domain cannot serve block devices (phy:).", DiskBackend)
        {
            Module = "blkbk", DependsOn = "XEN_BACKEND", AsModule = LoadYourself,
        },
        new("XEN_BLKDEV_TAP", Warning, "Disks given as tap:aio: cannot be served.", DiskBackend)
        {
            Module = "blktap",
            DependsOn = "XEN_BACKEND",
        },
        new("BLK_DEV_LOOP", Warning, "Image files cannot be served as block devices (file:).", DiskBackend) { Module = "loop" },

        new("XEN_NETDEV_FRONTEND", Error, "The guest has no network interface from any back end.", Guest)
        {
            Module = "xennet", DependsOn = "XEN", AsModule = InInitramfs,
        },
        new("XEN_BLKDEV_FRONTEND", Error, "The guest has no disk from any back end, so no root file system.", Guest)
        {
            Module = "xenblk", DependsOn = "XEN", AsModule = InInitramfs,
        },
    ];

    /// <summary>How pciback shows devices to a domain, one of these (Kconfig's choice "PCI Backend Mode"), and what that means.</summary>
    public static IReadOnlyList<(string Option, string Means)> PcibackModes { get; } =
    [
        ("XEN_PCIDEV_BACKEND_VPCI", "The domain sees its devices on a virtual bus 0, at other addresses than dom0; functions of a slot "
            + "stay together."),
        ("XEN_PCIDEV_BACKEND_PASS", "The domain sees its devices at their real addresses, which must not clash with others that it has."),
        ("XEN_PCIDEV_BACKEND_SLOT", "The domain sees each function as function 0 of a slot of its own, which drivers of multi-function "
            + "cards may not stand."),
        ("XEN_PCIDEV_BACKEND_CONTROLLER", "The domain sees a bus for each PCI host controller, as ia64 needs it."),
    ];
}
