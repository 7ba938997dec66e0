using XenDriverDomain.Simulation.Files;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>
/// What Debian's packages have put into a dom0, as far as somebody here looks at it: its kernel with modules, Xen's tools and scripts,
/// small programs, and the libraries that they load. A program or library is an ELF file by its first bytes; what it loads stands in it, a
/// line <c>needs: PATH</c> for each file. A module has lines <c>name=value</c>.
/// </summary>
internal static class DebianFiles
{
    private const int Program = 0x1ED;
    private const int Plain = 0x1A4;
    private const string Elf = "\u007fELF simulated ";
    private const string Libraries = "/usr/lib/x86_64-linux-gnu";
    private const string Loader = "/lib64/ld-linux-x86-64.so.2";

    private const string Modules = "/usr/lib/modules";

    private static readonly string[] s_directories =
        ["/etc/xen/scripts", "/etc/alternatives", "/usr/bin", "/usr/sbin", "/usr/lib64", "/usr/lib/firmware", Libraries];

    private static readonly string[] s_scripts =
    [
        "block", "block-common.sh", "block-drbd-probe", "block-iscsi", "block-nbd", "block-tap", "colo-proxy-setup",
        "external-device-migrate",
        "hotplugpath.sh", "launch-xenstore", "locking.sh", "logging.sh", "vif-bridge", "vif-common.sh", "vif-nat", "vif-openvswitch",
        "vif-route", "vif-setup", "vif2", "vscsi", "xen-hotplug-cleanup", "xen-hotplug-common.sh", "xen-network-common.sh",
        "xen-script-common.sh",
    ];

    private static readonly string[] s_coreutils =
    [
        "[", "basename", "cat", "chmod", "cp", "cut", "date", "dd", "dirname", "echo", "env", "expr", "false", "head", "id", "ln", "ls",
        "mkdir", "mkfifo", "mknod", "mktemp", "mv", "printf", "readlink", "rm", "rmdir", "seq", "sha256sum", "sleep", "sort", "stat",
        "sync", "tail", "tee", "test", "touch", "tr", "true", "uname", "wc",
    ];

    private static readonly string[] s_others =
        ["dmesg", "find", "flock", "grep", "hostname", "kill", "logger", "mawk", "mount", "ps", "sed", "setsid", "umount", "xargs"];

    // Files that are the same on every dom0, made once.
    private static readonly SystemFile[] s_fixed =
    [
        SystemFile.Link("/bin", "usr/bin"), SystemFile.Link("/sbin", "usr/sbin"), SystemFile.Link("/lib", "usr/lib"),
        SystemFile.Link("/lib64", "usr/lib64"),
        SystemFile.Text("/etc/os-release", """
            PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
            NAME="Debian GNU/Linux"
            VERSION_ID="12"
            VERSION="12 (bookworm)"
            VERSION_CODENAME=bookworm
            ID=debian

            """, Plain),
        Library("libc.so.6"),
        SystemFile.Text($"{Libraries}/ld-linux-x86-64.so.2", $"{Elf}ld-linux-x86-64.so.2\n", Program),
        SystemFile.Link("/usr/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"),
        .. Versioned("libtinfo.so.6", "libtinfo.so.6.4"), .. Versioned("libbpf.so.1", "libbpf.so.1.1.0", "libelf.so.1", "libz.so.1"),
        .. Versioned("libelf.so.1", "libelf-0.188.so", "libz.so.1"), .. Versioned("libz.so.1", "libz.so.1.2.13"),
        .. Versioned("libmnl.so.0", "libmnl.so.0.2.0"), .. Versioned("libcap.so.2", "libcap.so.2.66"),
        .. Versioned("libselinux.so.1", "libselinux.so.1", "libpcre2-8.so.0"), .. Versioned("libpcre2-8.so.0", "libpcre2-8.so.0.11.2"),
        .. Versioned("libxenstore.so.4", "libxenstore.so.4.0", "libxentoolcore.so.1"),
        .. Versioned("libxentoolcore.so.1", "libxentoolcore.so.1.0"), .. Versioned("libresolv.so.2", "libresolv.so.2"),
        .. Versioned("libnftables.so.1", "libnftables.so.1.1.0", "libmnl.so.0"), .. Versioned("libzstd.so.1", "libzstd.so.1.5.4"),
        .. Versioned("liblzma.so.5", "liblzma.so.5.4.1"), .. Versioned("libmount.so.1", "libmount.so.1.1.0", "libselinux.so.1"),
        Binary("/usr/bin/bash", "libtinfo.so.6"), Binary("/usr/bin/dash"), SystemFile.Link("/usr/bin/sh", "dash"),
        Binary("/usr/bin/busybox", "libresolv.so.2"),
        Binary("/usr/bin/ip", "libbpf.so.1", "libelf.so.1", "libmnl.so.0", "libcap.so.2"), SystemFile.Link("/usr/sbin/ip", "/bin/ip"),
        Binary("/usr/bin/kmod", "libzstd.so.1", "liblzma.so.5"),
        .. ((string[])["insmod", "modinfo", "modprobe", "rmmod"]).Select(name => SystemFile.Link($"/usr/sbin/{name}", "/bin/kmod")),
        .. s_coreutils.Concat(s_others).Select(name => Binary(
            $"/usr/bin/{name}", name switch
            {
                "ls" or "cp" or "mv" or "mkdir" or "mkfifo" or "mknod" or "id" or "stat" or "find" or "sed" => ["libselinux.so.1"],
                "mount" or "umount" => ["libmount.so.1"],
                "grep" => ["libpcre2-8.so.0"],
                _ => [],
            })),
        SystemFile.Link("/usr/bin/awk", "/etc/alternatives/awk"), SystemFile.Link("/etc/alternatives/awk", "/usr/bin/mawk"),
        Binary("/usr/sbin/losetup"), Binary("/usr/sbin/nft", "libnftables.so.1"),
        SystemFile.Text("/usr/bin/ldd", "#!/bin/bash\n", Program), Binary("/usr/bin/gzip"),
        Binary("/usr/bin/xenstore", "libxenstore.so.4"),
        .. ((string[])["chmod", "exists", "list", "ls", "read", "rm", "watch", "write"])
            .Select(name => SystemFile.Link($"/usr/bin/xenstore-{name}", "xenstore")),
        SystemFile.Text(
            "/usr/sbin/xl", "#!/bin/sh\nset -e\nexec /usr/lib/xen-$(/usr/lib/xen-common/bin/xen-version)/bin/xl \"$@\"\n", Program),
        .. s_scripts.Select(name => SystemFile.Text($"/etc/xen/scripts/{name}", $"#!/bin/bash\n# {name} of the simulation\n", Program)),
        SystemFile.Text("/etc/xen/xl.conf", "autoballoon=\"auto\"\nvif.default.script=\"vif-bridge\"\n", Plain),
        SystemFile.Text("/usr/lib/firmware/rtl_nic/rtl8168g-2.fw", "simulated firmware\n", Plain),
    ];

    private static readonly SystemFile[] s_atOnce =
    [
        .. s_fixed.Where(file => !s_directories.Any(directory => file.Path.StartsWith(directory + "/", StringComparison.Ordinal))),
    ];

    /// <summary>All of them but those that the host lacks.</summary>
    public static IEnumerable<SystemFile> Of(HostDescription host) =>
        s_fixed.Concat(OfXen(host)).Concat(OfKernel(host)).Where(file => !host.Lacks(file.Path));

    /// <summary>Directories whose files are made when somebody looks into them; most hosts are gone before that.</summary>
    public static IEnumerable<string> Directories(HostDescription host) =>
        [.. s_directories, $"/usr/lib/xen-{VersionOf(host)}", $"{Modules}/{host.KernelRelease}"];

    /// <summary>Those below one of these directories.</summary>
    public static IEnumerable<SystemFile> Below(string directory, HostDescription host) => (
        directory == Libraries ? s_fixed.Concat(OfXen(host))
        : s_directories.Contains(directory) ? s_fixed
        : directory.StartsWith(Modules, StringComparison.Ordinal) ? OfKernel(host)
        : OfXen(host)).Where(file => file.Path.StartsWith(directory + "/", StringComparison.Ordinal) && !host.Lacks(file.Path));

    /// <summary>Those that are in none of these.</summary>
    public static IEnumerable<SystemFile> AtOnce(HostDescription host) =>
        s_atOnce.Append(Kernel(host.KernelRelease)).Where(file => !host.Lacks(file.Path));

    /// <summary>Those of the kernel: itself, its modules, and what depmod(8) tells of them.</summary>
    public static IEnumerable<SystemFile> OfKernel(HostDescription host)
    {
        string release = host.KernelRelease, folder = $"{Modules}/{release}";
        KernelModule[] modules = [.. KernelModule.Of(host)];
        Dictionary<string, KernelModule> known = modules.ToDictionary(module => module.Name, StringComparer.Ordinal);
        yield return Kernel(release);
        foreach (KernelModule module in modules)
        {
            yield return SystemFile.Text($"{folder}/{module.Place}", $"{Elf}module\n{module.Fields(release)}", Plain);
        }

        yield return SystemFile.Text(
            $"{folder}/modules.dep",
            string.Concat(modules.Select(module =>
                $"{module.Place}:{string.Concat(module.AllNeeds(known).Select(needed => " " + needed.Place))}\n")),
            Plain);
        yield return SystemFile.Text(
            $"{folder}/modules.softdep",
            "# Soft dependencies extracted from modules themselves.\n"
                + string.Concat(modules.Where(module => module.Before is not null)
                    .Select(module => $"softdep {module.Name.Replace('-', '_')} pre: {module.Before}\n")),
            Plain);
        yield return SystemFile.Text(
            $"{folder}/modules.builtin",
            "kernel/net/packet/af_packet.ko\nkernel/drivers/tty/serial/8250/8250.ko\nkernel/drivers/rtc/rtc-cmos.ko\n",
            Plain);
    }

    private static SystemFile Kernel(string release) =>
        SystemFile.Text($"/boot/vmlinuz-{release}", $"MZ simulated kernel {release}\n", Plain);

    private static string VersionOf(HostDescription host) => $"{host.XenVersion.Major}.{host.XenVersion.Minor}";

    private static IEnumerable<SystemFile> OfXen(HostDescription host)
    {
        string version = VersionOf(host);
        string[] libraries = [$"libxlutil.so.{version}", $"libxenlight.so.{version}", "libxenstore.so.4", "libxentoolcore.so.1"];
        yield return Binary($"/usr/lib/xen-{version}/bin/xl", libraries);
        foreach (string name in libraries[..2])
        {
            foreach (SystemFile file in Versioned(name, $"{name}.0", "libxenstore.so.4"))
            {
                yield return file;
            }
        }
    }

    // The loader comes last, as ldd(1) has it.
    private static SystemFile Binary(string path, params string[] libraries) => SystemFile.Text(
        path,
        $"{Elf}{path[(path.LastIndexOf('/') + 1)..]}\n{Needs([.. libraries, "libc.so.6"])}needs: {Loader}\n",
        Program);

    private static SystemFile Library(string name, params string[] libraries) =>
        SystemFile.Text($"{Libraries}/{name}", $"{Elf}{name}\n{Needs(libraries)}", Plain);

    private static SystemFile[] Versioned(string name, string file, params string[] libraries) => name == file
        ? [Library(name, libraries)]
        : [Library(file, libraries), SystemFile.Link($"{Libraries}/{name}", file)];

    private static string Needs(IEnumerable<string> libraries) => string.Concat(libraries.Select(name => $"needs: {Path(name)}\n"));

    // The name by which the loader finds it.
    private static string Path(string name) => $"/lib/x86_64-linux-gnu/{name}";
}
