using XenDriverDomain.Access;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Checks;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Snapshots;

/// <summary>
/// What a recording reads in one round trip: all that the inventory and the inspector read, and what a simulated host needs besides.
/// </summary>
internal static class SnapshotQueries
{
    /// <summary>The kernel's parts whose presence decides what dom0 can do as a back end.</summary>
    private static readonly string[] s_modules =
    [
        "xen_netback", "xen_blkback", "xen_gntdev", "xen_gntalloc", "xen_evtchn", "xen_privcmd", "xenfs", "bridge", "bonding", "8021q",
        "loop", "tun",
    ];

    // What is looked for as a directory.
    private static readonly string[] s_folders = [Root, ModprobeReader.Folder, .. PolicyBootUnit.Folders];

    /// <summary>
    /// The directory of settings, which every host has: a snapshot without it was made before any of these were recorded.
    /// </summary>
    public const string Root = "/etc";

    /// <summary>
    /// Stands in <see cref="HostSnapshot.Names"/> for the directory that it would be in: so that what has no entry of its own is there.
    /// </summary>
    public const string Keep = "/.keep";

    /// <summary>The host's policy for configuration spaces, and what applies it.</summary>
    public static IReadOnlyList<string> Policy { get; } = [PolicyFile.Path, .. PolicyFile.Xends, .. PolicyBootUnit.Files];

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
            PcibackPaths.Directory + "/allow_interrupt_control",
            "/sys/module/xen_pciback/parameters/passthrough",
            "/sys/module/xen_pciback/parameters/permissive",
            "/proc/sys/kernel/hostname",
            "/proc/sys/kernel/version",
            "/sys/hypervisor/version/major",
            "/sys/hypervisor/version/minor",
            "/sys/hypervisor/version/extra",
            DriverDomainFiles.Directory + "/*.cfg",
            .. BootQueries.All.Files.Except([.. PciQueries.All.Files, .. HostSituation.Files]),
            .. Grub2Reader.Generated,
            .. Policy,
            .. FieldsRecord.ScriptFolders.Select(folder => folder + "/*"),
        ],
        Links:
        [
            .. PciQueries.All.Links,
            PcibackPaths.Drivers + "/*/module",
        ],
        Names:
        [
            .. PciQueries.All.Names,
            .. HostSituation.Names,
            PcibackPaths.Drivers + "/*",
            .. s_modules.Select(module => $"/sys/module/{module}"),
            .. BootQueries.All.Names.Except(s_folders),
            .. PolicyBootUnit.Enabling,
            .. s_folders,
        ]);

    /// <summary>The names that an answer has, as a snapshot has them.</summary>
    public static IEnumerable<string> NamesOf(BulkAnswer answer) =>
        answer.Names.Select(name => s_folders.Contains(name) ? name + Keep : name);
}
