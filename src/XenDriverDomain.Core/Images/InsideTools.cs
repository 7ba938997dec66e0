namespace XenDriverDomain.Images;

/// <summary>
/// The programs that are needed inside a driver domain: by our init, by Xen's hotplug scripts (tools/hotplug/Linux), and by those who run
/// either.
/// </summary>
internal static class InsideTools
{
    /// <summary>Programs that are what they are: no box of small tools has them.</summary>
    private static readonly InsideTool[] s_own =
    [
        new("bash", "bash"),
        new("ip", "iproute2"),
        new("bridge", "iproute2") { IsOptional = true },
        new("xenstore-read", Xen),
        new("xenstore-write", Xen),
        new("xenstore-exists", Xen),
        new("xenstore-list", Xen),
        new("xenstore-ls", Xen),
        new("xenstore-rm", Xen),
        new("xenstore-watch", Xen),
    ];

    // In the order of their packages.
    private static readonly string[] s_coreutils =
    [
        "basename", "cat", "chmod", "cp", "cut", "date", "dirname", "env", "expr", "false", "head", "id", "ln", "ls", "mkdir", "mkfifo",
        "mknod", "mktemp", "mv", "printf", "readlink", "rm", "rmdir", "seq", "sleep", "sort", "stat", "sync", "tail", "tee", "test",
        "touch", "tr", "true", "uname", "wc",
    ];

    private static readonly InsideTool[] s_small =
    [
        .. s_coreutils.Select(name => new InsideTool(name, "coreutils")),
        new("mount", "mount"), new("umount", "mount"), new("flock", "util-linux"), new("logger", "util-linux") { IsOptional = true },
        new("setsid", "util-linux"), new("losetup", "mount"), new("sed", "sed"), new("grep", "grep"), new("awk", "gawk"),
        new("find", "findutils"), new("xargs", "findutils"), new("hostname", "hostname") { IsOptional = true }, new("insmod", "kmod"),
        new("which", "debianutils") { IsOptional = true }, new("diff", "diffutils") { IsOptional = true },
        new("ps", "procps") { IsOptional = true }, new("kill", "procps"),
    ];

    /// <summary>The package of Xen's own tools; distributions call it by several names.</summary>
    public const string Xen = "xen-utils";

    /// <summary>What asks for an address by DHCP.</summary>
    public static InsideTool Dhcp { get; } = new("udhcpc", "busybox");

    /// <summary>What translates addresses, the way of today first.</summary>
    public static IReadOnlyList<NatWay> Nat { get; } =
    [
        new(new("nft", "nftables"), [["nft_chain_nat", "nft_chain_nat_ipv4"], ["nft_masq", "nft_masq_ipv4"]], []),

        // It loads what it does by itself, which ldd does not see.
        new(
            new("iptables", "iptables"), [["iptable_nat"], ["xt_MASQUERADE", "ipt_MASQUERADE"]],
            [
                .. ((string[])["/usr/lib/*", "/usr/lib", "/usr/lib64"]).SelectMany(folder =>
                    new[] { $"{folder}/xtables/libxt_MASQUERADE.so", $"{folder}/xtables/libipt_MASQUERADE.so" }),
            ]),
    ];

    /// <summary>Those that no box of small tools has.</summary>
    public static IReadOnlyList<InsideTool> Own => s_own;

    /// <summary>Those that busybox may have.</summary>
    public static IReadOnlyList<InsideTool> Small => s_small;

    /// <summary>The package that has a tool on a distribution.</summary>
    /// <param name="package">The tool's package, by Debian's name.</param>
    /// <param name="distribution">ID and ID_LIKE of os-release(5).</param>
    public static string PackageOn(string package, string distribution) => (package, FamilyOf(distribution)) switch
    {
        (Xen, Family.Debian) => "xen-utils-common and xenstore-utils",
        (Xen, Family.XenServer) => "xen-dom0-tools and xen-tools",
        (Xen, Family.Fedora) => "xen-runtime",
        (Xen, Family.Suse) => "xen-tools",
        (Xen, _) => "xen",
        ("iproute2", Family.Fedora or Family.XenServer) => "iproute",
        ("dash", Family.Alpine) => "busybox",
        ("dash", not Family.Debian) => "bash",
        ("libc-bin", Family.Fedora) => "glibc-common",
        ("libc-bin", Family.Alpine) => "musl-utils",
        ("libc-bin", not Family.Debian) => "glibc",
        ("mount" or "hostname", not Family.Debian) => "util-linux",
        ("procps", Family.Fedora or Family.XenServer or Family.Arch) => "procps-ng",
        _ => package,
    };

    /// <summary>The package that has all modules of a kernel; null where it is not known.</summary>
    /// <param name="release">The kernel's release.</param>
    /// <param name="distribution">ID and ID_LIKE of os-release(5).</param>
    public static string? KernelPackageOn(string release, string distribution) => FamilyOf(distribution) switch
    {
        Family.Debian => $"linux-image-{release}",
        Family.XenServer => "kernel",
        Family.Fedora => "kernel-modules",

        // The flavour is the release's last word; that which is named base has few modules.
        Family.Suse => $"kernel-{release.Split('-')[^1]}",
        Family.Alpine => $"linux-{release.Split('-')[^1]}",
        _ => null,
    };

    private static Family FamilyOf(string distribution)
    {
        string[] ids = distribution.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Has("debian", "ubuntu") ? Family.Debian

            // XenServer and XCP-ng, which are like RHEL but have packages of their own for Xen and the kernel.
            : Has("xenenterprise", "xcp-ng") ? Family.XenServer
            : Has("fedora", "rhel", "centos") ? Family.Fedora
            : Has("suse", "opensuse") ? Family.Suse
            : Has("alpine") ? Family.Alpine
            : Has("arch") ? Family.Arch
            : Family.Other;

        bool Has(params string[] names) => names.Any(ids.Contains);
    }

    private enum Family
    {
        Other,
        Debian,
        Fedora,
        XenServer,
        Suse,
        Alpine,
        Arch,
    }
}

/// <summary>A program that is needed inside.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="Package">The package that has it, by Debian's name.</param>
internal sealed record InsideTool(string Name, string Package)
{
    /// <summary>Whether all works without it.</summary>
    public bool IsOptional { get; init; }
}

/// <summary>A way to translate addresses.</summary>
/// <param name="Tool">The program.</param>
/// <param name="Modules">What it needs of the kernel: of each the names, today's first, then that of kernels before 5.2.</param>
/// <param name="Files">What else it loads; of these places those that there are.</param>
internal sealed record NatWay(InsideTool Tool, IReadOnlyList<IReadOnlyList<string>> Modules, IReadOnlyList<string> Files);
