namespace XenDriverDomain.Simulation.Hosts;

/// <summary>
/// Configurations of kernels as files of a host has them; only what concerns Xen, of the several thousand lines of a real one.
/// </summary>
internal static class KernelConfigurations
{
    /// <summary>Of a kernel of Debian 12, which can be all that there is to be.</summary>
    /// <param name="version">The version at the head: <c>6.1.119</c>.</param>
    public static string Debian(string version) => $"""
        #
        # Automatically generated file; DO NOT EDIT.
        # Linux/x86 {version} Kernel Configuration
        #
        # CONFIG_IKCONFIG is not set
        CONFIG_64BIT=y
        CONFIG_X86_64=y
        CONFIG_X86=y
        CONFIG_XEN=y
        CONFIG_XEN_PV=y
        CONFIG_XEN_512GB=y
        CONFIG_XEN_PV_SMP=y
        CONFIG_XEN_PV_DOM0=y
        CONFIG_XEN_PVHVM=y
        CONFIG_XEN_PVHVM_SMP=y
        CONFIG_XEN_PVHVM_GUEST=y
        CONFIG_XEN_SAVE_RESTORE=y
        # CONFIG_XEN_DEBUG_FS is not set
        CONFIG_XEN_PVH=y
        CONFIG_XEN_DOM0=y
        CONFIG_XEN_PV_MSR_SAFE=y
        CONFIG_BRIDGE=m
        CONFIG_PCI=y
        CONFIG_PCI_MSI=y
        CONFIG_PCI_XEN=y
        CONFIG_XEN_PCIDEV_FRONTEND=m
        CONFIG_HOTPLUG_PCI_ACPI=y
        CONFIG_BLK_DEV_LOOP=m
        CONFIG_XEN_BLKDEV_FRONTEND=m
        CONFIG_XEN_BLKDEV_BACKEND=m
        CONFIG_XEN_NETDEV_FRONTEND=m
        CONFIG_XEN_NETDEV_BACKEND=m
        CONFIG_HVC_XEN=y
        CONFIG_HVC_XEN_FRONTEND=y
        CONFIG_XEN_BALLOON=y
        CONFIG_XEN_DEV_EVTCHN=m
        CONFIG_XEN_BACKEND=y
        CONFIG_XENFS=m
        CONFIG_XEN_COMPAT_XENFS=y
        CONFIG_XEN_SYS_HYPERVISOR=y
        CONFIG_XEN_XENBUS_FRONTEND=y
        CONFIG_XEN_GNTDEV=m
        CONFIG_XEN_GRANT_DEV_ALLOC=m
        CONFIG_SWIOTLB_XEN=y
        CONFIG_XEN_PCI_STUB=y
        CONFIG_XEN_PCIDEV_BACKEND=m
        CONFIG_XEN_SCSI_BACKEND=m
        CONFIG_XEN_PRIVCMD=m
        CONFIG_XEN_ACPI_PROCESSOR=m

        """;

    /// <summary>Of a kernel that somebody built for guests, without dom0's options, and that therefore cannot serve anybody.</summary>
    public const string GuestOnly = """
        #
        # Automatically generated file; DO NOT EDIT.
        # Linux/x86 6.1.119 Kernel Configuration
        #
        CONFIG_IKCONFIG=y
        CONFIG_X86_64=y
        CONFIG_X86=y
        CONFIG_XEN=y
        CONFIG_XEN_PV=y
        CONFIG_XEN_PVHVM=y
        CONFIG_XEN_PVHVM_GUEST=y
        # CONFIG_XEN_DOM0 is not set
        # CONFIG_BRIDGE is not set
        CONFIG_PCI=y
        CONFIG_PCI_MSI=y
        CONFIG_PCI_XEN=y
        CONFIG_XEN_PCIDEV_FRONTEND=y
        CONFIG_XEN_BLKDEV_FRONTEND=y
        CONFIG_XEN_NETDEV_FRONTEND=y
        CONFIG_HVC_XEN=y
        CONFIG_XEN_BALLOON=y
        # CONFIG_XEN_BACKEND is not set
        CONFIG_XEN_XENBUS_FRONTEND=y
        CONFIG_SWIOTLB_XEN=y
        CONFIG_XEN_PRIVCMD=y
        CONFIG_XENFS=y

        """;
}
