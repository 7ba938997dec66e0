namespace XenDriverDomain.Roots;

/// <summary>What is looked for in a root.</summary>
internal static class RootQueries
{
    /// <summary>Where programs are, in the order of the search path.</summary>
    public static IReadOnlyList<string> ProgramFolders { get; } =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Where Xen's hotplug scripts are: the toolstack stores dom0's path, and the driver domain runs what it has there.</summary>
    public static IReadOnlyList<string> ScriptFolders { get; } =
        ["/etc/xen/scripts", "/usr/local/etc/xen/scripts", "/usr/pkg/etc/xen/scripts"];

    /// <summary>Where the loader looks for libraries without being told: those of all distributions.</summary>
    public static IReadOnlyList<string> LibraryFolders { get; } =
        ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/lib/*-linux-*", "/usr/lib/*-linux-*", "/usr/local/lib", "/usr/local/lib64"];

    /// <summary>Where units of systemd are, in the order of their precedence.</summary>
    public static IReadOnlyList<string> UnitFolders { get; } =
        ["/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    private static readonly string[] s_programs =
        ["xl", "xenstore-*", "bash", "sh", "ip", "ifup", "NetworkManager", "openrc-run", "init", "getty", "agetty"];

    /// <summary>Names and links.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. from folder in ProgramFolders
           from program in s_programs
           select $"{folder}/{program}",
        .. from folder in LibraryFolders
           from library in (string[])["libxenlight.so.*", "libc.so.6", "ld-linux*.so.*", "ld-musl-*.so.1"]
           select $"{folder}/{library}",
        "/usr/lib/xen-*/bin/xl",
        .. ScriptFolders.Select(folder => folder + "/*"),

        "/usr/lib/systemd/systemd", "/lib/systemd/systemd", "/usr/lib/systemd/systemd-networkd", "/lib/systemd/systemd-networkd",
        .. UnitFolders.Select(folder => folder + "/xen*"),
        "/etc/systemd/system/*.wants/*", "/etc/systemd/system/*.requires/*", "/etc/init.d/*", "/etc/rc*.d",
        "/etc/rc*.d/*", "/etc/rc.d/rc*.d", "/etc/rc.d/rc*.d/*", "/etc/rc.d/init.d/*", "/etc/runlevels/*", "/etc/runlevels/*/*",

        "/etc/passwd", "/etc/network/interfaces.d", "/etc/NetworkManager/conf.d",
        "/etc/sysconfig/network-scripts/ifcfg-*", "/etc/sysconfig/network/ifcfg-*",
        "/usr/lib/udev/rules.d", "/lib/udev/rules.d", "/etc/udev/rules.d",
        "/etc/modules-load.d", "/etc/systemd/network", "/etc/xen", "/var/log", "/var/log/xen",
        .. RootFiles.All.Select(file => file.Path), .. RootFiles.Folders,

        "/lib/modules/*", "/lib/modules/*/modules.builtin",
        .. RootModule.All.Select(module => $"/lib/modules/*/{module.File}*"),
    ];

    /// <summary>Small files whose content tells something.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        RunLevelOrder.File,
        "/etc/os-release", "/usr/lib/os-release", "/etc/inittab", "/etc/securetty", "/etc/modules", "/etc/modules-load.d/*.conf",
        "/usr/lib/modules-load.d/*.conf", "/etc/network/interfaces", "/etc/network/interfaces.d/*", "/etc/systemd/network/*",
        "/etc/NetworkManager/system-connections/*",
        .. RootFiles.All.Select(file => file.Path),
    ];
}
