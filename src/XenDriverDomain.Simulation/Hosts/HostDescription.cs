using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A host as data: all that a simulated machine is made of when it starts.</summary>
public sealed record HostDescription
{
    /// <summary>Directories of a host with systemd, udev and modprobe.</summary>
    internal static IReadOnlyList<string> UsualDirectories { get; } = ["/run/systemd/system", "/etc/udev/rules.d", "/etc/modprobe.d"];

    /// <summary>A name for the description: <c>default</c>, <c>lab</c>.</summary>
    public required string Name { get; init; }

    /// <summary>dom0's node name.</summary>
    public required string HostName { get; init; }

    /// <summary>The kernel's release, as uname -r has it.</summary>
    public required string KernelRelease { get; init; }

    /// <summary>The kernel's build, as uname -v has it.</summary>
    public required string KernelVersion { get; init; }

    /// <summary>The kernel's command line.</summary>
    public required string KernelCommandLine { get; init; }

    /// <summary>Xen's version, three numbers.</summary>
    public Version XenVersion { get; init; } = new(4, 17, 7);

    /// <summary>What follows Xen's first two numbers, with its own dot or dash; null for the third one.</summary>
    public string? XenExtra { get; init; }

    /// <summary>Xen's command line.</summary>
    public string XenCommandLine { get; init; } = string.Empty;

    /// <summary>Physical CPUs.</summary>
    public int CpuCount { get; init; } = 4;

    /// <summary>All memory of the machine, in MiB.</summary>
    public int TotalMemoryMB { get; init; } = 32768;

    /// <summary>dom0's memory, in MiB.</summary>
    public int Dom0MemoryMB { get; init; } = 4096;

    /// <summary>Memory that Xen keeps for itself, in MiB.</summary>
    public int XenMemoryMB { get; init; } = 64;

    /// <summary>dom0's virtual CPUs.</summary>
    public int Dom0CpuCount { get; init; } = 4;

    /// <summary>True when Xen uses an IOMMU.</summary>
    public bool HasIommu { get; init; } = true;

    /// <summary>How often the machine has booted before.</summary>
    internal int BootsBefore { get; init; }

    /// <summary>
    /// What <c>xl info</c> says where it is known, by key; it then says nothing else but what changes from moment to moment. Empty for a
    /// host that is made up.
    /// </summary>
    public IReadOnlyDictionary<string, string> XlInfo { get; init; } = new Dictionary<string, string>();

    /// <summary>False for a dom0 that does not load pciback when it starts.</summary>
    public bool LoadsPciback { get; init; } = true;

    /// <summary>True for a dom0 whose kernel has pciback built in.</summary>
    public bool IsPcibackBuiltIn { get; init; }

    /// <summary>What pciback was loaded with; null for what module options and the kernel's command line say.</summary>
    public IReadOnlyDictionary<string, string>? PcibackParameters { get; init; }

    /// <summary>What pciback has been told since it was loaded; null for nothing.</summary>
    internal PcibackDescription? Pciback { get; init; }

    /// <summary>The PCI functions, bridges before what is behind them.</summary>
    internal IReadOnlyList<FunctionDescription> Functions { get; init; } = [];

    /// <summary>The kernel's PCI drivers, in the order in which they were loaded.</summary>
    internal IReadOnlyList<DriverDescription> Drivers { get; init; } = [];

    /// <summary>Other modules that can be loaded, with whether they are.</summary>
    public IReadOnlyDictionary<string, bool> OtherModules { get; init; } = new Dictionary<string, bool>();

    /// <summary>Devices that are on no PCI bus, by paths below /sys/devices: <c>virtual/net/xenbr0</c>.</summary>
    internal IReadOnlyList<ChildDevice> OtherDevices { get; init; } = [];

    /// <summary>More links in sysfs, by path, to absolute paths.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();

    /// <summary>Addresses of dom0's interfaces.</summary>
    internal IReadOnlyList<InterfaceAddress> Addresses { get; init; } = [];

    /// <summary>dom0's IPv4 routes.</summary>
    internal IReadOnlyList<Route> Routes { get; init; } = [];

    /// <summary>dom0's IPv6 routes, as lines of /proc/net/ipv6_route.</summary>
    public IReadOnlyList<string> Ipv6Routes { get; init; } = [];

    /// <summary>dom0's mounts, as lines of /proc/self/mountinfo.</summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];

    /// <summary>dom0's swap areas, as lines of /proc/swaps.</summary>
    public IReadOnlyList<string> Swaps { get; init; } = [];

    /// <summary>The kernel's consoles, the preferred one last: <c>tty0 hvc0</c>.</summary>
    public string Consoles { get; init; } = "tty0 hvc0";

    /// <summary>Directories that are there even when nothing is in them.</summary>
    public IReadOnlyList<string> Directories { get; init; } = UsualDirectories;

    /// <summary>More ordinary files by path: what dom0 needs to start guests.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>True for a dom0 that has what Debian's packages bring (<see cref="DebianFiles"/>).</summary>
    internal bool IsDebian { get; init; }

    /// <summary>What of that it lacks: programs, libraries and modules by name, or files by path.</summary>
    internal IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Whether it lacks a file.</summary>
    internal bool Lacks(string path)
    {
        if (Missing.Count == 0)
        {
            return false;
        }

        string name = path[(path.LastIndexOf('/') + 1)..];
        bool isModule = name.EndsWith(".ko", StringComparison.Ordinal);
        return Missing.Any(missing => missing == path || missing == name
            || (isModule && missing.Replace('-', '_') == name[..^".ko".Length].Replace('-', '_')));
    }
}

/// <summary>An address of one of dom0's interfaces.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Address">With its prefix length: <c>192.168.1.10/24</c>.</param>
/// <param name="Scope">As ip shows it: <c>global</c>, <c>link</c>, <c>host</c>.</param>
internal sealed record InterfaceAddress(string Interface, string Address, string Scope = "global");

/// <summary>A partition of a disk.</summary>
/// <param name="Name">The kernel's name: <c>sda1</c>.</param>
/// <param name="Number">Its device number: <c>8:1</c>.</param>
/// <param name="Sectors">Its size in sectors of 512 bytes.</param>
internal sealed record Partition(string Name, string Number, long Sectors);

/// <summary>An IPv4 route of dom0.</summary>
/// <param name="Interface">The interface it leaves by.</param>
/// <param name="Destination">The network with its prefix length, <c>192.168.1.0/24</c>; <c>0.0.0.0/0</c> is the default route.</param>
/// <param name="Gateway">The next hop; null when the network is reached directly.</param>
/// <param name="Metric">The lowest one wins.</param>
internal sealed record Route(string Interface, string Destination, string? Gateway = null, int Metric = 0)
{
    /// <summary>RTF_ flags (linux/route.h); null for those of an ordinary route.</summary>
    public int? Flags { get; init; }
}

/// <summary>A node of xenstore.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Value">Its value.</param>
/// <param name="Permissions">Its permissions, the owner's first.</param>
internal sealed record StoredNode(string Path, ReadOnlyMemory<byte> Value, IReadOnlyList<XenStorePermission> Permissions);

/// <summary>What has come about on a host since it booted.</summary>
/// <param name="Domains">The domains that run, without dom0.</param>
/// <param name="XenStore">All that xenstore holds, parents before children.</param>
internal sealed record HostState(IReadOnlyList<RunningDomain> Domains, IReadOnlyList<StoredNode> XenStore);

/// <summary>A PCI driver of the kernel.</summary>
/// <param name="Name">Its directory below /sys/bus/pci/drivers.</param>
/// <param name="Module">The module it is in; null when it is built in.</param>
/// <param name="IsLoaded">True when it is there after boot.</param>
/// <param name="Aliases">
/// The devices it knows, as modules.alias has them (<c>pci:v00008086d000010D3sv*sd*bc*sc*i*</c>); none for one that takes only what it
/// is told to.
/// </param>
internal sealed record DriverDescription(string Name, string? Module, bool IsLoaded, params IReadOnlyList<string> Aliases)
{
    /// <summary>The devices that it knows beyond those in modules.alias: it is built in, or was told of them.</summary>
    public IReadOnlyList<string> OtherAliases { get; init; } = [];
}
