using XenDriverDomain.Access;

namespace XenDriverDomain.Pci.Uses;

/// <summary>
/// dom0's network interfaces and what is stacked on what: bridges, bonds, VLANs (the upper_* links of
/// Documentation/ABI/testing/sysfs-class-net; before Linux 3.13, brif of a bridge and slave_* of a bond).
/// </summary>
internal sealed class NetworkStack
{
    /// <summary>What Open vSwitch puts all of its ports below, of whichever bridge.</summary>
    public const string OpenVSwitch = "ovs-system";

    /// <summary>What a bridge has in its directory.</summary>
    public const string Bridge = "bridge";

    /// <summary>What a bond has in its directory.</summary>
    public const string Bond = "bonding";

    private const string Prefix = PciQueries.Net + "/";
    private readonly IReadOnlySet<string> _entries;
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PciAddress> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _uppers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _lowers = new(StringComparer.Ordinal);

    private NetworkStack(IReadOnlySet<string> entries) => _entries = entries;

    /// <summary>The interfaces, with where their links lead.</summary>
    public IReadOnlyDictionary<string, string> Targets => _targets;

    /// <summary>The function whose interface it is; null for one that no function has.</summary>
    public PciAddress? OwnerOf(string name) => _owners.TryGetValue(name, out PciAddress owner) ? owner : null;

    /// <summary>Reads it.</summary>
    public static NetworkStack Read(BulkAnswer sys)
    {
        NetworkStack stack = new(sys.Names);
        foreach (string path in sys.LinksBelow(Prefix))
        {
            string name = path[Prefix.Length..], target = sys.Links[path];
            stack._targets[name] = target;
            if (SysPath.Owner(target) is { } owner)
            {
                stack._owners[name] = owner;
            }
        }

        foreach (string path in sys.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            string name = SysPath.Component(path, 3), last = SysPath.Name(path);
            if (last.StartsWith("upper_", StringComparison.Ordinal))
            {
                stack.Put(name, last["upper_".Length..]);
            }
            else if (last.StartsWith("slave_", StringComparison.Ordinal))
            {
                stack.Put(last["slave_".Length..], name);
            }
            else if (SysPath.Component(path, 4) == "brif" && last != "brif")
            {
                stack.Put(last, name);
            }
        }

        return stack;
    }

    /// <summary>Puts one interface onto another.</summary>
    public void Put(string lower, string upper)
    {
        Add(_uppers, lower, upper);
        Add(_lowers, upper, lower);
    }

    /// <summary>What is right above an interface.</summary>
    public IReadOnlyCollection<string> Above(string name) => Of(_uppers, name);

    /// <summary>What is right below an interface: the ports of a bridge or bond, what a VLAN is on.</summary>
    public IReadOnlyCollection<string> Below(string name) => Of(_lowers, name);

    /// <summary>Whether an interface's directory has an entry.</summary>
    public bool Has(string name, string entry) => _entries.Contains(Prefix + name + "/" + entry);

    private static SortedSet<string> Of(Dictionary<string, SortedSet<string>> map, string name) =>
        map.TryGetValue(name, out SortedSet<string>? names) ? names : [];

    private static void Add(Dictionary<string, SortedSet<string>> map, string key, string value)
    {
        if (!map.TryGetValue(key, out SortedSet<string>? values))
        {
            map[key] = values = new SortedSet<string>(StringComparer.Ordinal);
        }

        values.Add(value);
    }
}
