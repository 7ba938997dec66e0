using XenDriverDomain.Access;
using XenDriverDomain.Checks;
using XenDriverDomain.Domains.Files;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Snapshots;

/// <summary>What a recording reads in one round trip: all that the inventory and the inspector read, and what a simulated host needs besides.</summary>
internal static class SnapshotQueries
{
    /// <summary>The kernel's parts whose presence decides what dom0 can do as a back end.</summary>
    private static readonly string[] s_modules =
    [
        "xen_netback", "xen_blkback", "xen_gntdev", "xen_gntalloc", "xen_evtchn", "xen_privcmd", "xenfs", "bridge", "bonding", "8021q",
        "loop", "tun",
    ];

    /// <summary>The query.</summary>
    public static BulkQuery All { get; } = new(
        Files:
        [
            .. PciQueries.All.Files,
            .. HostSituation.Files,
            PciQueries.Devices + "/*/driver_override",
            PciQueries.Devices + "/*/sriov_totalvfs",
            PciQueries.Devices + "/*/sriov_numvfs",
            PciQueries.Devices + "/*/sriov_offset",
            PciQueries.Devices + "/*/sriov_stride",
            PciQueries.Devices + "/*/sriov_vf_device",
            PciQueries.Pciback + "/allow_interrupt_control",
            "/sys/module/xen_pciback/parameters/passthrough",
            "/sys/module/xen_pciback/parameters/permissive",
            "/proc/sys/kernel/hostname",
            "/proc/sys/kernel/version",
            "/sys/hypervisor/version/major",
            "/sys/hypervisor/version/minor",
            "/sys/hypervisor/version/extra",
            DriverDomainFiles.Directory + "/*.cfg",
        ],
        Links:
        [
            .. PciQueries.All.Links,
            "/sys/bus/pci/drivers/*/module",
        ],
        Names:
        [
            .. PciQueries.All.Names,
            .. HostSituation.Names,
            "/sys/bus/pci/drivers/*",
            .. s_modules.Select(module => $"/sys/module/{module}"),
        ]);
}
