using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>
/// Reads a host that somebody described in a tree of dictionaries, lists, texts, numbers and flags, as a data file of PowerShell's holds
/// it (about_XenDriverDomain_Simulation has the keys). It knows nothing of PowerShell. Everything has a default; what is said must fit:
/// nothing is guessed.
/// </summary>
public static partial class MachineDescription
{
    private const string DefaultKernel = "6.1.0-28-amd64";

    private static readonly string[] s_keys =
    [
        "HostName", "Xen", "XenExtra", "XenCommandLine", "Kernel", "KernelVersion", "KernelCommandLine", "Cpus", "MemoryMB", "Dom0Cpus",
        "Dom0MemoryMB", "Iommu", "Pciback", "BootLoader", "Modules", "Bridges", "Cards", "Guests", "Files", "Missing", "Faults",
    ];

    private static readonly string[] s_kernelPlaces = ["/sys", "/proc", "/dev"];

    /// <summary>The host that a description describes.</summary>
    /// <param name="tree">The description.</param>
    /// <param name="file">How errors call it: the path of its file.</param>
    /// <param name="name">A name for the host.</param>
    /// <exception cref="XenDriverDomainException">MachineDescriptionInvalid: something in it cannot be.</exception>
    public static SimulatedHostOptions Read(IDictionary tree, string file, string name)
    {
        ArgumentNullException.ThrowIfNull(tree);
        DescriptionTable table = DescriptionTable.Whole(file, tree, s_keys);
        string kernel = Line(table, "Kernel") ?? DefaultKernel;
        if (MachineFacts.VersionOf(kernel) == new Version(0, 0))
        {
            throw table.Wrong("Kernel", "it is no release of a kernel", "a release as uname -r has it, such as '6.1.0-28-amd64'");
        }

        IReadOnlyList<DescribedCard> cards = Cards(table, kernel);
        IReadOnlyList<DescribedBridge> bridges = NetworkReader.Bridges(table.Tables("Bridges", NetworkReader.Keys), cards);
        FunctionDescription[] functions = [.. cards.Select(card => card.Function)];
        bool hasIommu = table.Flag("Iommu", true);
        DescribedPciback pciback = table.Choice("Pciback", DescribedPciback.Loaded);
        HostDescription host = Describe(table, name, kernel, cards, bridges) with
        {
            HasIommu = hasIommu,
            LoadsPciback = pciback != DescribedPciback.NotLoaded,
            IsPcibackBuiltIn = pciback == DescribedPciback.BuiltIn,
        };
        host = host with { Missing = Missing(table, host) };
        IReadOnlyList<GuestDescription> guests = GuestReader.Read(
            table.Tables("Guests", GuestReader.Keys), functions, bridges, hasIommu);
        if (pciback == DescribedPciback.NotLoaded
            && (guests.Any(guest => guest.HasRun && guest.Cards.Count > 0) || cards.Any(card => card.IsAssignable)))
        {
            throw table.Wrong("Pciback", "it has cards from the start", "Loaded or BuiltIn");
        }

        int memory = guests.Where(guest => guest.HasRun).Sum(guest => guest.MemoryMB) + host.Dom0MemoryMB + host.XenMemoryMB;
        return memory > host.TotalMemoryMB
            ? throw table.Wrong(
                "MemoryMB", $"dom0, Xen and the guests need {memory}", $"at least {memory}; 32768 where the key is left out")
            : new SimulatedHostOptions
            {
                Id = Id(name),
                Host = host,
                Guests = guests,
                Assignable = [.. cards.Where(card => card.IsAssignable).Select(card => card.Address)],
                Faults = Faults(table),
            };
    }

    private static IReadOnlyList<DescribedCard> Cards(DescriptionTable table, string kernel)
    {
        IReadOnlyList<DescriptionTable> tables = table.Tables("Cards", CardReader.Keys);
        MachineFacts facts = new(
            kernel,
            [
                .. tables.Select(one => PciAddress.TryParse(one.Text("Address"), out PciAddress address) ? address : (PciAddress?)null)
                    .OfType<PciAddress>(),
            ]);
        CardReader reader = new(facts);
        List<DescribedCard> cards = [.. tables.Select(reader.Read)];
        PciAddress first = new(0, 0, 0, 0);
        if (!cards.Exists(card => card.Address == first))
        {
            // Every machine has one; it is no more than there.
            cards.Insert(0, reader.Read(new DescriptionTable(
                string.Empty, string.Empty, new Hashtable { ["Address"] = "00:00.0", ["Model"] = "HostBridge" }, CardReader.Keys)));
        }

        return CardTree.Of(cards, table);
    }

    private static HostDescription Describe(
        DescriptionTable table,
        string name,
        string kernel,
        IReadOnlyList<DescribedCard> cards,
        IReadOnlyList<DescribedBridge> bridges)
    {
        DescribedDisk[] disks = [.. cards.SelectMany(card => card.Disks)];
        string root = disks.Select(DiskDevices.Root).FirstOrDefault(one => one is not null) ?? "/dev/ram0";
        string xenCommands = Line(table, "XenCommandLine") ?? "placeholder dom0_mem=4096M,max:4096M";
        string kernelCommands = Line(table, "KernelCommandLine") ?? $"placeholder root={root} ro quiet";
        Dictionary<string, string> files = BootFiles.Of(
            table.Choice("BootLoader", DescribedLoader.Grub2), kernel, kernelCommands, xenCommands);
        foreach ((string path, string text) in Files(table))
        {
            files[path] = text;
        }

        Version version = XenVersion(table);
        return new HostDescription
        {
            Name = name,
            HostName = HostName(table),
            KernelRelease = kernel,
            IsDebian = true,
            KernelVersion = Line(table, "KernelVersion") ?? "#1 SMP PREEMPT_DYNAMIC Debian",
            KernelCommandLine = kernelCommands,
            XenVersion = version,
            XenExtra = Line(table, "XenExtra"),
            XenCommandLine = xenCommands,
            CpuCount = table.Number("Cpus", 1, 4096) ?? 8,
            TotalMemoryMB = table.Number("MemoryMB", 256, 100_000_000) ?? 32768,
            Dom0MemoryMB = table.Number("Dom0MemoryMB", 128, 1_000_000) ?? 4096,
            Dom0CpuCount = table.Number("Dom0Cpus", 1, 4096) ?? 4,
            Functions = [.. cards.Select(card => card.Function)],
            Drivers = [.. DescribedDrivers.Of(cards)],
            OtherModules = Modules(table),
            OtherDevices =
            [
                Parts.Loopback(),
                .. bridges.SelectMany(bridge => Parts.Bridge(bridge.Name, bridge.Mac, Ports(bridge, cards))),
                .. cards.Any(card => Classes.IsDisplay(card.Function.ClassCode))
                    ? (ChildDevice[])[new("virtual/graphics/fbcon") { Classes = ["/sys/class/graphics"] }]
                    : [],
            ],
            Addresses =
            [
                new("lo", "127.0.0.1/8", "host"),
                .. cards.Where(card => card.Interface is not null)
                    .SelectMany(card => NetworkReader.AddressesOf(card.Interface!, card.Addresses)),
                .. bridges.SelectMany(bridge => NetworkReader.AddressesOf(bridge.Name, bridge.Addresses)),
            ],
            Routes =
            [
                .. cards.Where(card => card.Interface is not null)
                    .SelectMany(card => NetworkReader.RoutesOf(card.Interface!, card.Addresses, card.Gateway)),
                .. bridges.SelectMany(bridge => NetworkReader.RoutesOf(bridge.Name, bridge.Addresses, bridge.Gateway)),
            ],
            Mounts = [.. MountLines(table, cards)],
            Swaps = [.. disks.Select(DiskDevices.Swap).OfType<string>()],
            Files = files,
        };
    }

    private static IEnumerable<string> MountLines(DescriptionTable table, IReadOnlyList<DescribedCard> cards)
    {
        yield return "22 28 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw";
        yield return "23 28 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw";
        yield return "24 28 0:5 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,mode=755";
        yield return "35 23 0:31 / /proc/xen rw,relatime shared:16 - xenfs xenfs rw";
        (string Point, string Line)[] mounts = [.. cards.SelectMany(card => card.Disks).SelectMany(DiskDevices.Mounts)];
        foreach (IGrouping<string, (string Point, string Line)> twice in mounts.GroupBy(mount => mount.Point).Where(one => one.Count() > 1))
        {
            throw cards.Last(card => card.Disks.Any(disk => disk.Mounts.Contains(twice.Key))).Table.Wrong(
                "Disks", $"two partitions are mounted at {twice.Key}", "each place once");
        }

        if (!mounts.Any(mount => mount.Point == "/"))
        {
            yield return "28 1 0:25 / / rw,relatime shared:1 - tmpfs rootfs rw";
        }

        foreach ((_, string line) in mounts)
        {
            yield return line;
        }
    }

    private static Dictionary<string, string> Ports(DescribedBridge bridge, IReadOnlyList<DescribedCard> cards) => cards
        .Where(card => card.Bridge == bridge.Name)
        .ToDictionary(card => card.Interface!, card => $"{Directory(card.Address, cards)}/net/{card.Interface}");

    private static string Directory(PciAddress address, IReadOnlyList<DescribedCard> cards)
    {
        FunctionDescription function = cards.First(card => card.Address == address).Function;
        string above = function.Parent is { } parent
            ? Directory(parent, cards)
            : string.Create(CultureInfo.InvariantCulture, $"/sys/devices/pci{address.Domain:x4}:{address.Bus:x2}");
        return $"{above}/{address}";
    }

    private static Version XenVersion(DescriptionTable table) => table.Text("Xen") is not { } text ? new Version(4, 17, 7)
        : XenNumber().IsMatch(text) && Version.TryParse(text, out Version? version) && version.Build >= 0 ? version
        : throw table.Wrong("Xen", "it is no version of Xen", "three numbers in quotes, such as '4.17.7'");

    private static string HostName(DescriptionTable table)
    {
        string name = table.Text("HostName") ?? "xenhost";
        return NodeName().IsMatch(name)
            ? name
            : throw table.Wrong("HostName", "it is no name of a host", "letters, digits, - and ., at most 63");
    }

    private static string? Line(DescriptionTable table, string key) => table.Text(key) is not { } text ? null
        : text.Any(char.IsControl) ? throw table.Wrong(key, "it has control characters", "one line of text")
        : text;

    private static Dictionary<string, bool> Modules(DescriptionTable table)
    {
        Dictionary<string, bool> modules = new(BuiltIn.Modules);
        foreach ((string name, bool isLoaded) in table.FlagTable("Modules"))
        {
            modules[ModuleName().IsMatch(name)
                ? name
                : throw table.Wrong("Modules", name, isLoaded, "it is no name of a module", "letters, digits, - and _")] = isLoaded;
        }

        return modules;
    }

    private static IReadOnlyDictionary<string, string> Files(DescriptionTable table)
    {
        IReadOnlyDictionary<string, string> files = table.TextTable("Files");
        foreach ((string path, string text) in files)
        {
            if (!path.StartsWith('/') || path.EndsWith('/') || path.Split('/').Skip(1).Any(part => part is "" or "." or "..")
                || s_kernelPlaces.Any(place => path == place || path.StartsWith(place + "/", StringComparison.Ordinal)))
            {
                throw table.Wrong(
                    "Files", path, text, "it is no place for an ordinary file", "an absolute path outside of /sys, /proc and /dev");
            }
        }

        return files;
    }

    private static IReadOnlyList<string> Missing(DescriptionTable table, HostDescription host)
    {
        IReadOnlyList<string> names = table.Texts("Missing");
        for (int i = 0; i < names.Count; i++)
        {
            HostDescription without = host with { Missing = [names[i]] };
            if (!DebianFiles.Of(host).Any(file => without.Lacks(file.Path)))
            {
                throw table.Wrong(
                    "Missing", i, names[i], "dom0 would not have it anyway", "a program, library or module by name, or a file by its path");
            }
        }

        return names;
    }

    private static FaultPlan Faults(DescriptionTable table)
    {
        IReadOnlyList<string> texts = table.Texts("Faults");
        for (int i = 0; i < texts.Count; i++)
        {
            try
            {
                FaultPlan.Parse(texts[i]);
            }
            catch (XenDriverDomainException e)
            {
                throw table.Wrong("Faults", i, texts[i], e.Message.TrimEnd('.'), "a fault as Connect-XenDom0 -Fault takes it");
            }
        }

        return FaultPlan.Parse(texts);
    }

    // The id names the host in outputs and after -Dom0.
    private static string Id(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && name != XenDriverDomain.Hosts.HostSession.LocalId
        ? name
        : "simulated";

    [GeneratedRegex(@"^\d{1,3}\.\d{1,3}\.\d{1,3}\z")]
    private static partial Regex XenNumber();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]{0,62}\z")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,60}\z")]
    private static partial Regex ModuleName();
}

/// <summary>How a described dom0 has pciback.</summary>
internal enum DescribedPciback
{
    /// <summary>As a module that is loaded at boot.</summary>
    Loaded,

    /// <summary>Built into the kernel.</summary>
    BuiltIn,

    /// <summary>As a module that nobody has loaded.</summary>
    NotLoaded,
}
