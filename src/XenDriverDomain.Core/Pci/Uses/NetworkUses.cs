using XenDriverDomain.Access;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci.Uses;

/// <summary>
/// The network interfaces of each function, with the addresses and default routes that dom0 has on them or on what is stacked
/// above them: bridges, bonds, VLANs (the upper_* links of Documentation/ABI/testing/sysfs-class-net).
/// </summary>
internal sealed class NetworkUses
{
    private const int Deepest = 16;
    private const string OpenVSwitch = "ovs-system";

    private readonly BulkAnswer _sys;
    private readonly HostNetwork _network;
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PciAddress> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _uppers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _lowers = new(StringComparer.Ordinal);

    private NetworkUses(BulkAnswer sys, HostNetwork network)
    {
        _sys = sys;
        _network = network;
    }

    /// <summary>Finds the uses of all functions.</summary>
    public static IEnumerable<FunctionUse> Find(BulkAnswer sys, HostNetwork network)
    {
        NetworkUses uses = new(sys, network);
        uses.ReadStack();
        return uses._targets.Keys.Where(uses._owners.ContainsKey).Order(StringComparer.Ordinal)
            .Select(name => new FunctionUse(uses._owners[name], uses.Describe(name, uses._owners[name])));
    }

    private void ReadStack()
    {
        string prefix = PciQueries.Net + "/";
        foreach (string path in _sys.LinksBelow(prefix))
        {
            string name = path[prefix.Length..], target = _sys.Links[path];
            _targets[name] = target;
            if (SysPath.Owner(target) is { } owner)
            {
                _owners[name] = owner;
            }
        }

        foreach (string path in _sys.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            string last = SysPath.Name(path);
            if (last.StartsWith("upper_", StringComparison.Ordinal))
            {
                Stack(SysPath.Component(path, 3), last["upper_".Length..]);
            }
        }

        // The ports of Open vSwitch that hold dom0's addresses have no link to those that lead outside.
        if (_lowers.TryGetValue(OpenVSwitch, out SortedSet<string>? ports))
        {
            foreach (string name in _targets.Keys.Where(IsFreeStanding).ToArray())
            {
                foreach (string port in ports)
                {
                    Stack(port, name);
                }
            }
        }
    }

    private bool IsPortOfOpenVSwitch(string name) => _lowers.ContainsKey(OpenVSwitch) && _targets.TryGetValue(name, out string? target)
        && SysPath.IsVirtual(target) && (_network.Addresses.ContainsKey(name) || HasDefault(name));

    private bool IsFreeStanding(string name) =>
        name is not ("lo" or OpenVSwitch) && SysPath.IsVirtual(_targets[name]) && !_lowers.ContainsKey(name)
        && !_uppers.ContainsKey(name) && !Has(name, "bridge") && (_network.Addresses.ContainsKey(name) || HasDefault(name));

    private PciUse Describe(string name, PciAddress function)
    {
        List<string> stack = [name];
        for (int i = 0; i < stack.Count && stack.Count < 64; i++)
        {
            stack.AddRange(Of(_uppers, stack[i]).Where(upper => upper != OpenVSwitch && !stack.Contains(upper)));
        }

        List<string> parts = [.. stack.Skip(1).Select(upper => Join($"in {Text.Show(upper)}", Facts(upper)))];
        string[] own = [.. Facts(name)];
        if (own.Length > 0 || parts.Count == 0)
        {
            bool isDown = _sys.Files.GetValueOrDefault($"{PciQueries.Net}/{name}/operstate") == "down";
            parts.Insert(0, own.Length > 0 ? string.Join(", ", own) : isDown ? "down" : "no address");
        }

        // Open vSwitch has no folder "bridge"; what is above its ports here is the port that is called as the bridge is.
        string? bridge = stack.Skip(1).FirstOrDefault(upper => Has(upper, "bridge"))
            ?? stack.Skip(1).FirstOrDefault(upper => IsPortOfOpenVSwitch(upper));
        return new PciUse(PciUseKind.Network, Text.Show(name), string.Join("; ", parts), IsVital(stack, function))
        {
            Bridge = bridge is null ? null : Text.Show(bridge),
        };
    }

    private IEnumerable<string> Facts(string name)
    {
        foreach (string address in _network.Addresses.GetValueOrDefault(name) ?? [])
        {
            yield return Text.Show(address);
        }

        if (HasDefault(name))
        {
            yield return "default route";
        }
    }

    private static string Join(string head, IEnumerable<string> facts) =>
        string.Join(", ", facts) is { Length: > 0 } text ? $"{head}: {text}" : head;

    private bool HasDefault(string name) => _network.Defaults.Any(route => route.Interface == name);

    private bool IsVital(List<string> stack, PciAddress function)
    {
        string[] lost = [.. stack.Where(name => Survives(name, function, 0) == false)];
        return lost.Any(_network.HasBestDefault)
            || (lost.Any(_network.Addresses.ContainsKey)
                && !_network.Addresses.Keys.Any(name => Survives(name, function, 0) == true));
    }

    /// <summary>
    /// Whether an interface still leads outside without a function; null for one that never did. A bond needs one of its ports, a
    /// bridge is taken to need all of them, as nothing here tells which port leads where.
    /// </summary>
    private bool? Survives(string name, PciAddress without, int depth)
    {
        if (_owners.TryGetValue(name, out PciAddress owner))
        {
            return owner != without;
        }

        if (depth > Deepest || !_targets.TryGetValue(name, out string? target))
        {
            return null;
        }

        if (!SysPath.IsVirtual(target))
        {
            // Hardware that is on no PCI bus; but what Xen's back ends make leads to guests only.
            return SysPath.Canonical(target).StartsWith("/devices/vif-", StringComparison.Ordinal) ? null : true;
        }

        bool isBond = Has(name, "bonding");
        bool? survives = null;
        foreach (string lower in Of(_lowers, name))
        {
            bool isUp = _sys.Files.GetValueOrDefault($"{PciQueries.Net}/{lower}/operstate") != "down";
            if (Survives(lower, without, depth + 1) is { } lives)
            {
                survives = isBond ? (survives ?? false) || (lives && isUp) : (survives ?? true) && lives;
            }
        }

        return survives;
    }

    private bool Has(string name, string entry) => _sys.Names.Contains($"{PciQueries.Net}/{name}/{entry}");

    private void Stack(string lower, string upper)
    {
        Add(_uppers, lower, upper);
        Add(_lowers, upper, lower);
    }

    private static SortedSet<string> Of(Dictionary<string, SortedSet<string>> map, string name) =>
        map.GetValueOrDefault(name) ?? [];

    private static void Add(Dictionary<string, SortedSet<string>> map, string key, string value)
    {
        if (!map.TryGetValue(key, out SortedSet<string>? values))
        {
            map[key] = values = new SortedSet<string>(StringComparer.Ordinal);
        }

        values.Add(value);
    }
}
