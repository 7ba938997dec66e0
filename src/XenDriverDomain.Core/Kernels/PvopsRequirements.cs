using static XenDriverDomain.Errors.FindingSeverity;
using static XenDriverDomain.Kernels.KernelRole;

namespace XenDriverDomain.Kernels;

/// <summary>
/// What roles need of Linux since 2.6.24: options and defaults from arch/x86/xen/Kconfig, drivers/xen/Kconfig, drivers/pci/Kconfig,
/// drivers/net/Kconfig and drivers/block/Kconfig; what breaks, from libxl and the scripts that come with Xen.
/// </summary>
internal static class PvopsRequirements
{
    private const string LoadYourself =
        "xencommons loads it in dom0 alone: in a driver domain name it in /etc/modules-load.d or /etc/modules, or build it in.";

    private const string InInitramfs =
        "It must be in the initramfs of the domain when its root file system or network depends on it; or build it in.";

    /// <summary>The rows, the most fundamental first.</summary>
    public static IReadOnlyList<KernelRequirement> All { get; } =
    [
        new(
            "XEN", Error, "Without it the kernel knows nothing of Xen: no event channels, no grants, no xenbus.",
            Enum.GetValues<KernelRole>()),
        new("PCI", Error, "Without it there are no PCI devices.", Dom0, PvDriverDomain, HvmDriverDomain),

        new("XEN_DOM0", Error, "Xen cannot start the kernel as its control domain.", Dom0) { DependsOn = "XEN" },
        new("XEN_PV", Warning, "Xen starts dom0 in PV mode unless its command line says dom0=pvh, and this kernel has no PV mode.", Dom0)
        {
            DependsOn = "XEN", Since = new(4, 12), OnX86 = true,
        },
        new("XEN_PV", Error, "The kernel cannot start in a PV domain (type=\"pv\").", PvDriverDomain)
        {
            DependsOn = "XEN", Since = new(4, 12), OnX86 = true,
        },
        new("XEN_PV", Error, "PV domains exist on x86 only, and this kernel is for another processor.", PvDriverDomain)
        {
            OnX86 = false, Remedy = "Use a kernel for x86 on an x86 host.",
        },
        new("XEN_PV", Warning, "The kernel cannot start in a PV domain; it needs type=\"hvm\" or \"pvh\".", Guest)
        {
            DependsOn = "XEN", Since = new(4, 12), OnX86 = true,
        },
        new("XEN_PVHVM_GUEST", Error, "In an HVM domain the kernel does not see Xen: no xenbus, and so no back end.", HvmDriverDomain)
        {
            DependsOn = "XEN", Since = new(5, 10), OnX86 = true,
        },
        new("XEN_PVHVM", Error, "In an HVM domain the kernel does not see Xen: no xenbus, and so no back end.", HvmDriverDomain)
        {
            DependsOn = "XEN", Since = new(2, 6, 37), Until = new(5, 10), OnX86 = true,
        },
        new(
            "XEN_PVHVM_GUEST", Warning,
            "In an HVM domain the kernel has emulated devices only: its vif must be an emulated card of dom0's.", Guest)
        {
            DependsOn = "XEN", Since = new(5, 10), OnX86 = true,
        },
        new(
            "XEN_PVHVM", Warning,
            "In an HVM domain the kernel has emulated devices only: its vif must be an emulated card of dom0's.", Guest)
        {
            DependsOn = "XEN", Since = new(2, 6, 37), Until = new(5, 10), OnX86 = true,
        },

        new("XEN_BACKEND", Error, "Not one back-end driver can be built without it.", Dom0, NetworkBackend, DiskBackend)
        {
            DependsOn = "XEN", DefaultsTo = "XEN_DOM0", Since = new(2, 6, 39),
        },
        new("XEN_PCIDEV_BACKEND", Error, "No PCI device can be given to a domain: pciback always runs in dom0.", Dom0)
        {
            Module = "xen-pciback",
            DependsOn = "XEN_BACKEND",
            OnX86 = true,
            AsModule = "xen-pciback.hide= on the command line works only if the module is loaded before the device's own driver: put "
                + "it into the initramfs, or bind devices later with Add-XenPciAssignable.",
        },
        new("XEN_PCIDEV_STUB", Error, "No PCI device can be taken from dom0.", Dom0)
        {
            Module = "xen-pciback", DependsOn = "XEN_BACKEND", OnX86 = false,
        },
        new(
            "XEN_PRIVCMD", Error, "xl cannot make a hypercall, so that neither xl nor xl devd starts.", Dom0, PvDriverDomain,
            HvmDriverDomain)
        {
            // Before, it was a part of xenfs.
            Module = "xen-privcmd", DependsOn = "XEN", Since = new(3, 3),
        },
        new("XEN_DEV_EVTCHN", Error, "xenstored and xenconsoled cannot receive events of guests.", Dom0)
        {
            Module = "xen-evtchn",
            DependsOn = "XEN",
        },
        new("XEN_GNTDEV", Error, "xenstored, xenconsoled and QEMU cannot map pages of guests.", Dom0)
        {
            Module = "xen-gntdev",
            DependsOn = "XEN",
        },
        new("XENFS", Error, "There is no /proc/xen, by which Xen's start-up scripts recognise dom0.", Dom0)
        {
            Module = "xenfs",
            DependsOn = "XEN",
        },
        new(
            "XENFS", Warning, "There is no /proc/xen, by which start-up scripts recognise that they run on Xen and start xl devd.",
            PvDriverDomain, HvmDriverDomain)
        {
            Module = "xenfs", DependsOn = "XEN",
        },
        new("XEN_COMPAT_XENFS", Warning, "/proc/xen is not there for xenfs to be mounted on, and older tools look nowhere else.", Dom0)
        {
            DependsOn = "XENFS",
        },
        new("XEN_GRANT_DEV_ALLOC", Warning, "Programs in dom0 cannot share memory with guests (libxenvchan).", Dom0)
        {
            Module = "xen-gntalloc", DependsOn = "XEN", Since = new(2, 6, 39),
        },
        new("XEN_SYS_HYPERVISOR", Warning, "There is no /sys/hypervisor, from which Xen's version and capabilities are read.", Dom0)
        {
            DependsOn = "XEN",
        },
        new("XEN_ACPI_PROCESSOR", Warning, "Xen learns nothing of the processors' power states, and runs without them.", Dom0)
        {
            Module = "xen-acpi-processor", DependsOn = "XEN_DOM0", Since = new(3, 4), OnX86 = true,
        },
        new(
            "XEN_BALLOON", Warning, "The memory of the domain cannot be changed while it runs; dom0 cannot make room for guests.",
            Dom0, Guest) { DependsOn = "XEN" },

        new("XEN_PCIDEV_FRONTEND", Error, "The domain does not see the PCI devices that it owns.", PvDriverDomain)
        {
            Module = "xen-pcifront",
            DependsOn = "XEN_PV",
            AsModule = "It must be loaded before the device can be found: put it into the initramfs or /etc/modules-load.d, or "
                + "build it in.",
        },
        new("PCI_XEN", Error, "Interrupts of PCI devices do not reach the domain.", PvDriverDomain)
        {
            DependsOn = "XEN",
            Since = new(2, 6, 37),
            OnX86 = true,
        },
        new("SWIOTLB_XEN", Error, "Devices cannot reach the domain's memory by DMA: it is not contiguous to them.", PvDriverDomain)
        {
            DependsOn = "XEN_PV", OnX86 = true,
        },
        new(
            "PCI_MSI", Warning, "Devices have only the shared interrupt line of their slot, and many drivers do not work so.",
            PvDriverDomain, HvmDriverDomain, Dom0)
        {
            DependsOn = "PCI",
        },
        new("HOTPLUG_PCI_ACPI", Warning, "A device can be given to the domain only when it starts, not while it runs.", HvmDriverDomain)
        {
            OnX86 = true,
        },
        new("XEN_XENBUS_FRONTEND", Error, "The kernel has no front end of any kind.", PvDriverDomain, Guest)
        {
            IsTristate = true, DependsOn = "XEN",
        },

        new("XEN_NETDEV_BACKEND", Error, "The domain cannot serve network interfaces: vifs stay in state 1 or 2 for ever.", NetworkBackend)
        {
            Module = "xen-netback", DependsOn = "XEN_BACKEND", AsModule = LoadYourself,
        },
        new(
            "BRIDGE", Warning,
            "vif-bridge, the default script, has no bridge to put vifs into; Open vSwitch or routing must take its place.", NetworkBackend)
        {
            Module = "bridge",
        },
        new("XEN_BLKDEV_BACKEND", Error, "The domain cannot serve block devices (phy:).", DiskBackend)
        {
            Module = "xen-blkback", DependsOn = "XEN_BACKEND", AsModule = LoadYourself,
        },
        new("BLK_DEV_LOOP", Warning, "Image files cannot be served as block devices (file:); logical volumes and disks can.", DiskBackend)
        {
            Module = "loop",
        },

        new("XEN_NETDEV_FRONTEND", Error, "The guest has no network interface from any back end.", Guest)
        {
            Module = "xen-netfront", DependsOn = "XEN", AsModule = InInitramfs,
        },
        new("XEN_BLKDEV_FRONTEND", Error, "The guest has no disk from any back end, so no root file system.", Guest)
        {
            Module = "xen-blkfront", DependsOn = "XEN", AsModule = InInitramfs,
        },
        new("HVC_XEN", Warning, "xl console shows nothing: there is no hvc0.", PvDriverDomain, Guest) { DependsOn = "XEN" },
    ];
}
