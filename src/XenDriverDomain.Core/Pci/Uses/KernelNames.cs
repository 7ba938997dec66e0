using XenDriverDomain.Access;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci.Uses;

/// <summary>What dom0 calls its network interfaces and disks, and which functions each of them needs.</summary>
public sealed class KernelNames
{
    private const string Bridge = PciQueries.Net + "/*/brif/*";
    private const string Bond = PciQueries.Net + "/*/slave_*";
    private const string Tunnel = "tun_flags";
    private const int MostNamed = 8;
    private const int LongestChain = 4;

    private KernelNames(IReadOnlyList<KernelName> interfaces, IReadOnlyList<KernelName> disks)
    {
        Interfaces = interfaces;
        Disks = disks;
    }

    /// <summary>All network interfaces, those of no card among them, by name.</summary>
    public IReadOnlyList<KernelName> Interfaces { get; }

    /// <summary>All disks, partitions, volumes and sets, by name.</summary>
    public IReadOnlyList<KernelName> Disks { get; }

    /// <summary>What must be read when nothing else is: all of it is part of <see cref="PciQueries.All"/> or <see cref="More"/>.</summary>
    internal static BulkQuery Alone { get; } = new(
        [.. PciQueries.All.Files.Where(IsOfNames)],
        [.. PciQueries.All.Links.Where(IsOfNames)],
        [.. PciQueries.All.Names.Where(IsOfNames), .. MoreNames]);

    private static string[] MoreNames => [Bridge, Bond, $"{PciQueries.Net}/*/{Tunnel}"];

    /// <summary>
    /// What must be read beside all functions: of interfaces what older kernels have instead of upper_*, of disks the folders of the links
    /// below /dev that are asked for, whose names nothing in sysfs has.
    /// </summary>
    /// <param name="query">The query of all functions.</param>
    /// <param name="disks">The disks that are asked for; their wildcards are PowerShell's.</param>
    internal static BulkQuery More(BulkQuery query, IReadOnlyList<string> disks) => new(
        query.Files,
        [.. query.Links, .. disks.Select(FolderOf).OfType<string>().Distinct(StringComparer.Ordinal)],
        [.. query.Names, .. MoreNames]);

    /// <summary>Reads them.</summary>
    internal static KernelNames Read(BulkAnswer sys)
    {
        NetworkStack network = NetworkStack.Read(sys);
        BlockStack block = BlockStack.Read(sys);
        ILookup<string, string> links = sys.LinksBelow(BlockStack.Dev)
            .Select(link => (Link: link, Device: Follow(sys, block, link)))
            .Where(one => one.Device is not null)
            .ToLookup(one => one.Device!, one => one.Link, StringComparer.Ordinal);
        return new KernelNames(
            [.. network.Targets.Keys.Order(StringComparer.Ordinal).Select(name => OfInterface(network, name))],
            [.. block.Targets.Keys.Order(StringComparer.Ordinal).Select(name => OfDisk(block, name, links[name]))]);
    }

    private static bool IsOfNames(string pattern) =>
        pattern.StartsWith(PciQueries.Net + "/", StringComparison.Ordinal)
        || pattern.StartsWith(PciQueries.Block + "/", StringComparison.Ordinal);

    private static KernelName OfInterface(NetworkStack network, string name)
    {
        string target = network.Targets[name];
        string[] below = [.. network.Below(name)];
        string ports = below.Length == 0 ? " without ports" : $" with the ports {List(below)}";
        string what = network.OwnerOf(name) is not null ? "a network interface"
            : name == "lo" ? "dom0's loopback interface"
            : target.Contains("/vif-", StringComparison.Ordinal) ? "dom0's end of a guest's interface"
            : network.Has(name, NetworkStack.Bridge) ? "a bridge" + ports
            : network.Has(name, NetworkStack.Bond) ? "a bond" + ports
            : network.Has(name, Tunnel) ? "a program's own (tun or tap), such as the emulated card of a guest"
            : below.Length > 0 ? $"an interface on top of {List(below)}"
            : !SysPath.IsVirtual(target) ? "hardware that is on no PCI function"
            : network.Targets.ContainsKey(NetworkStack.OpenVSwitch)
                ? "a virtual interface (sysfs does not tell which ports a bridge of Open vSwitch has)"
            : name.Contains('.', StringComparison.Ordinal)
                ? "a virtual interface, by its name a VLAN, of which sysfs does not tell what it is on"
            : "a virtual interface";
        return new KernelName(
            [name],
            what,
            Functions(Closure(name, network.Below), network.OwnerOf),
            network.OwnerOf(name) is not null);
    }

    private static KernelName OfDisk(BlockStack block, string name, IEnumerable<string> links)
    {
        string target = block.Targets[name];
        string node = name.Replace('!', '/');
        string[] below = [.. block.Below(name)];
        string on = below.Length == 0 ? string.Empty : $" on {List(below)}";
        string what = block.IsPartition(name) ? $"a partition{on}"
            : block.MapperNameOf(name) is not null || name.StartsWith("md", StringComparison.Ordinal) ? block.Layer(name) + on
            : name.StartsWith("loop", StringComparison.Ordinal) ? "a loop device, whose file sysfs does not lead from"
            : !SysPath.IsVirtual(target) ? SysPath.Owner(target) is null ? "a disk that is on no PCI function" : "a disk"
            : $"a virtual block device{on}";
        List<string> names = [node, BlockStack.Dev + node];
        if (block.MapperNameOf(name) is { } mapper)
        {
            names.Add(mapper);
            names.Add(BlockStack.Mapper + mapper);
            if (VolumePath(mapper) is { } volume)
            {
                names.Add(volume);
            }
        }

        return new KernelName(
            [.. names.Concat(links.Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal)],
            what,
            Functions(Closure(name, block.Below), one => block.Targets.TryGetValue(one, out string? path) ? SysPath.Owner(path) : null),
            SysPath.Owner(target) is not null && !block.IsPartition(name));
    }

    private static List<string> Closure(string name, Func<string, IEnumerable<string>> below)
    {
        List<string> all = [name];
        for (int i = 0; i < all.Count; i++)
        {
            all.AddRange(below(all[i]).Where(lower => !all.Contains(lower)));
        }

        return all;
    }

    private static IReadOnlyList<PciAddress> Functions(IEnumerable<string> names, Func<string, PciAddress?> ownerOf) =>
        [.. names.Select(ownerOf).OfType<PciAddress>().Distinct().Order()];

    private static string List(string[] names) => string.Join(", ", names.Take(MostNamed).Select(name => Text.Show(name, 40)))
        + (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : string.Empty);

    // The mapper's name of LVM is GROUP-VOLUME, with each '-' of either doubled.
    private static string? VolumePath(string mapper)
    {
        string[] parts = mapper.Replace("--", "\0", StringComparison.Ordinal).Split('-');
        return parts.Length == 2 ? $"{BlockStack.Dev}{parts[0]}/{parts[1]}".Replace('\0', '-') : null;
    }

    // What udev links to: ../../sda1. A link's own name is none of the kernel's.
    private static string? Follow(BulkAnswer sys, BlockStack block, string path)
    {
        for (int i = 0; i < LongestChain && sys.Links.TryGetValue(path, out string? target); i++)
        {
            path = Absolute(HostPath.Parent(path), target);
            if (block.ByPath(path) is { } device)
            {
                return device;
            }
        }

        return null;
    }

    private static string Absolute(string folder, string target)
    {
        List<string> parts = [];
        foreach (string part in (target.StartsWith('/') ? target : $"{folder}/{target}").Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    // All links of its folder, so that an error can say which there are; of /dev itself that one alone.
    private static string? FolderOf(string disk)
    {
        if (!disk.StartsWith(BlockStack.Dev, StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = [.. disk.Split('/')[1..].Select(part => part.IndexOfAny(['*', '?', '[']) >= 0 ? "*" : part)];
        if (parts.Length > 2)
        {
            parts[^1] = "*";
        }

        return parts is [_, "*"] || parts.Any(part => part is "" or "." or ".." || !part.All(IsPlain))
            ? null
            : "/" + string.Join('/', parts);
    }

    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '+' or '@' or '=' or ',' or '%' or '*';
}
