using System.Globalization;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>The files of dom0 that say what it runs on, apart from the PCI bus.</summary>
internal static class SystemFiles
{
    /// <summary>The hypervisor's uuid in dom0.</summary>
    private const string Dom0Uuid = "00000000-0000-0000-0000-000000000000";

    /// <summary>Makes all of them.</summary>
    public static void Create(SimulatedFiles files, HostDescription host, NetworkTables network, bool isFirstBoot = true)
    {
        void Fixed(string path, string text) => files.PutAttribute(path, () => text);

        Fixed("/proc/cmdline", host.KernelCommandLine + "\n");
        Fixed("/proc/version", $"Linux version {host.KernelRelease} (builder@host) (gcc) {host.KernelVersion}\n");
        Fixed("/proc/sys/kernel/hostname", host.HostName + "\n");
        Fixed("/proc/sys/kernel/osrelease", host.KernelRelease + "\n");
        Fixed("/proc/sys/kernel/version", host.KernelVersion + "\n");
        Fixed("/proc/sys/kernel/ostype", "Linux\n");
        Fixed("/proc/sys/kernel/tainted", "0\n");
        Fixed("/proc/sys/kernel/random/boot_id", $"7c1f0a52-6a0e-4a52-9d0c-0e6f5a9d{0x7f10 + host.BootsBefore:x4}\n");
        Fixed("/proc/self/status", "Name:\tcat\nUmask:\t0022\nState:\tR (running)\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
        Fixed("/proc/xen/capabilities", "control_d\n");
        foreach (string process in (string[])["1", "self"])
        {
            files.PutAttribute($"/proc/{process}/mountinfo", () => Lines(MountsOf(files, host)));
        }

        files.PutAttribute("/proc/mounts", () => Lines(MountsOf(files, host).Select(Mounted)));
        Fixed("/proc/swaps", Lines(host.Swaps.Prepend("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority")));
        files.PutAttribute("/proc/net/route", network.Routes);
        Fixed("/proc/net/ipv6_route", Lines(host.Ipv6Routes));

        Fixed("/sys/hypervisor/type", "xen\n");
        Fixed("/sys/hypervisor/guest_type", "PV\n");
        Fixed("/sys/hypervisor/uuid", Dom0Uuid + "\n");
        Fixed("/sys/hypervisor/version/major", Number(host.XenVersion.Major));
        Fixed("/sys/hypervisor/version/minor", Number(host.XenVersion.Minor));
        Fixed("/sys/hypervisor/version/extra", (host.XenExtra ?? $".{host.XenVersion.Build}") + "\n");
        Fixed("/sys/hypervisor/properties/capabilities", Capabilities(host));
        Fixed("/sys/devices/virtual/tty/console/active", host.Consoles + "\n");
        files.Link("/sys/class/tty/console", "../../devices/virtual/tty/console");
        files.MakeDirectory("/sys/kernel/iommu_groups");
        files.MakeDirectory("/sys/fs/btrfs");

        files.PutDevice("/dev/null");
        files.PutDevice("/dev/zero", isEndless: true);
        files.PutDevice("/dev/full", isEndless: true, storeFails: Errno.ENOSPC);
        files.PutDevice("/dev/xen/xenbus");
        files.PutDevice("/dev/xen/privcmd");
        files.PutDevice("/run/xenstored/socket");
        files.Link("/var/run", "/run");
        files.MakeDirectory("/tmp");
        if (isFirstBoot && host.IsDebian)
        {
            // Before anything is put below its links.
            files.Put(DebianFiles.AtOnce(host));
            foreach (string directory in DebianFiles.Directories(host))
            {
                files.PutLater(directory, () => DebianFiles.Below(directory, host));
            }
        }

        foreach (string directory in host.Directories)
        {
            files.MakeDirectory(directory);
        }

        foreach ((string link, string path) in host.Links)
        {
            if (isFirstBoot || link.StartsWith("/sys/", StringComparison.Ordinal))
            {
                files.Link(link, SysLink.Target(link, path));
            }
        }

        if (isFirstBoot)
        {
            CreateDisk(files, host);
        }
    }

    // What stays when the machine boots again.
    private static void CreateDisk(SimulatedFiles files, HostDescription host)
    {
        files.MakeDirectory("/var/log/xen");
        files.MakeDirectory("/etc/modules-load.d");
        files.Put("/etc/hostname", host.HostName + "\n");
        if (!host.IsDebian)
        {
            files.Put("/etc/xen/xl.conf", "autoballoon=\"auto\"\nvif.default.script=\"vif-bridge\"\n");
            foreach (string script in (string[])["vif-bridge", "vif-route", "vif-nat", "vif-openvswitch", "block"])
            {
                files.Put($"/etc/xen/scripts/{script}", "#!/bin/bash\n", 0x1ED);
            }
        }

        files.Put("/usr/share/misc/pci.ids", KnownNames());
        files.Put($"/lib/modules/{host.KernelRelease}/modules.alias", Aliases(host));
        foreach ((string path, string text) in host.Files)
        {
            files.Put(path, text);
        }
    }

    /// <summary>Names of vendors, devices and classes for the machines that are built in.</summary>
    internal static byte[] KnownNames()
    {
        using Stream stream = typeof(SystemFiles).Assembly.GetManifestResourceStream("pci.ids")
            ?? throw new InvalidOperationException("The resource pci.ids is missing.");
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture) + "\n";

    private static string Capabilities(HostDescription host)
    {
        string version = $"{host.XenVersion.Major}.0";
        return $"xen-{version}-x86_64 hvm-{version}-x86_32 hvm-{version}-x86_32p hvm-{version}-x86_64 \n";
    }

    private static IEnumerable<string> MountsOf(SimulatedFiles files, HostDescription host) => host.Mounts.Concat(
        files.Mounts.Select((mount, i) => string.Create(
            CultureInfo.InvariantCulture, $"{900 + i} 1 7:{i} / {mount.Point} {mount.Options} - ext4 /dev/loop{i} {mount.Options}")));

    // 36 1 254:0 / / rw,noatime shared:1 - ext4 /dev/sda rw → /dev/sda / ext4 rw,noatime 0 0
    private static string Mounted(string line)
    {
        string[] words = line.Split(' ');
        int dash = Array.IndexOf(words, "-");
        return $"{words[dash + 2]} {words[4]} {words[dash + 1]} {words[5]} 0 0";
    }

    private static string Aliases(HostDescription host)
    {
        StringBuilder text = new("# Aliases extracted from modules themselves.\n");
        foreach (DriverDescription driver in host.Drivers.Where(driver => driver.Module is { } module && !host.Lacks($"/{module}.ko")))
        {
            foreach (string alias in driver.Aliases)
            {
                text.Append(CultureInfo.InvariantCulture, $"alias {alias} {driver.Module!.Replace('-', '_')}\n");
            }
        }

        return text.ToString();
    }
}
