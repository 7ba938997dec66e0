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
        new(new("nft", "nftables"), ["nft_chain_nat", "nft_masq"], []),

        // It loads what it does by itself, which ldd does not see.
        new(
            new("iptables", "iptables"), ["iptable_nat", "xt_MASQUERADE"],
            [.. ((string[])["/usr/lib/*", "/usr/lib", "/usr/lib64"]).Select(folder => $"{folder}/xtables/libxt_MASQUERADE.so")]),
    ];

    /// <summary>Those that no box of small tools has.</summary>
    public static IReadOnlyList<InsideTool> Own => s_own;

    /// <summary>Those that busybox may have.</summary>
    public static IReadOnlyList<InsideTool> Small => s_small;

    /// <summary>The package that has a tool on a distribution.</summary>
    /// <param name="package">The tool's package, by Debian's name.</param>
    /// <param name="distribution">ID and ID_LIKE of os-release(5).</param>
    public static string PackageOn(string package, string distribution)
    {
        string[] ids = distribution.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (package, ids) switch
        {
            (Xen, var on) when on.Contains("debian") || on.Contains("ubuntu") => "xen-utils-common and xenstore-utils",
            (Xen, var on) when on.Contains("fedora") || on.Contains("rhel") => "xen-runtime",
            (Xen, var on) when on.Contains("suse") => "xen-tools",
            (Xen, _) => "xen",
            ("iproute2", var on) when on.Contains("fedora") || on.Contains("rhel") => "iproute",
            ("mount" or "hostname", var on) when !on.Contains("debian") && !on.Contains("ubuntu") => "util-linux",
            ("procps", var on) when on.Contains("fedora") || on.Contains("rhel") || on.Contains("arch") => "procps-ng",
            _ => package,
        };
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
/// <param name="Modules">What it needs of the kernel.</param>
/// <param name="Files">What else it loads; of these places those that there are.</param>
internal sealed record NatWay(InsideTool Tool, IReadOnlyList<string> Modules, IReadOnlyList<string> Files);
