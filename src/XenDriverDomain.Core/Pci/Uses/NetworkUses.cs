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

    private readonly BulkAnswer _sys;
    private readonly HostNetwork _network;
    private readonly NetworkStack _stack;

    private NetworkUses(BulkAnswer sys, HostNetwork network)
    {
        _sys = sys;
        _network = network;
        _stack = NetworkStack.Read(sys);
    }

    /// <summary>Finds the uses of all functions.</summary>
    public static IEnumerable<FunctionUse> Find(BulkAnswer sys, HostNetwork network)
    {
        NetworkUses uses = new(sys, network);
        uses.JoinOpenVSwitch();
        foreach (string name in uses._stack.Targets.Keys.Order(StringComparer.Ordinal))
        {
            if (uses._stack.OwnerOf(name) is { } owner)
            {
                yield return new FunctionUse(owner, uses.Describe(name, owner));
            }
        }
    }

    // The ports of Open vSwitch that hold dom0's addresses have no link to those that lead outside.
    private void JoinOpenVSwitch()
    {
        string[] ports = [.. _stack.Below(NetworkStack.OpenVSwitch)];
        if (ports.Length > 0)
        {
            foreach (string name in _stack.Targets.Keys.Where(IsFreeStanding).ToArray())
            {
                foreach (string port in ports)
                {
                    _stack.Put(port, name);
                }
            }
        }
    }

    private bool IsPortOfOpenVSwitch(string name) => _stack.Below(NetworkStack.OpenVSwitch).Count > 0
        && _stack.Targets.TryGetValue(name, out string? target) && SysPath.IsVirtual(target)
        && (_network.Addresses.ContainsKey(name) || HasDefault(name));

    private bool IsFreeStanding(string name) =>
        name is not ("lo" or NetworkStack.OpenVSwitch) && SysPath.IsVirtual(_stack.Targets[name]) && _stack.Below(name).Count == 0
        && _stack.Above(name).Count == 0 && !_stack.Has(name, NetworkStack.Bridge)
        && (_network.Addresses.ContainsKey(name) || HasDefault(name));

    private PciUse Describe(string name, PciAddress function)
    {
        List<string> stack = [name];
        for (int i = 0; i < stack.Count && stack.Count < 64; i++)
        {
            stack.AddRange(_stack.Above(stack[i]).Where(upper => upper != NetworkStack.OpenVSwitch && !stack.Contains(upper)));
        }

        List<string> parts = [.. stack.Skip(1).Select(upper => Join($"in {Text.Show(upper)}", Facts(upper)))];
        string[] own = [.. Facts(name)];
        if (own.Length > 0 || parts.Count == 0)
        {
            bool isDown = _sys.Files.GetValueOrDefault($"{PciQueries.Net}/{name}/operstate") == "down";
            parts.Insert(0, own.Length > 0 ? string.Join(", ", own) : isDown ? "down" : "no address");
        }

        // Open vSwitch has no folder "bridge"; what is above its ports here is the port that is called as the bridge is.
        string? bridge = stack.Skip(1).FirstOrDefault(upper => _stack.Has(upper, NetworkStack.Bridge))
            ?? stack.Skip(1).FirstOrDefault(IsPortOfOpenVSwitch);
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
        if (_stack.OwnerOf(name) is { } owner)
        {
            return owner != without;
        }

        if (depth > Deepest || !_stack.Targets.TryGetValue(name, out string? target))
        {
            return null;
        }

        if (!SysPath.IsVirtual(target))
        {
            // Hardware that is on no PCI bus; but what Xen's back ends make leads to guests only.
            return SysPath.Canonical(target).StartsWith("/devices/vif-", StringComparison.Ordinal) ? null : true;
        }

        bool isBond = _stack.Has(name, NetworkStack.Bond);
        bool? survives = null;
        foreach (string lower in _stack.Below(name))
        {
            bool isUp = _sys.Files.GetValueOrDefault($"{PciQueries.Net}/{lower}/operstate") != "down";
            if (Survives(lower, without, depth + 1) is { } lives)
            {
                survives = isBond ? (survives ?? false) || (lives && isUp) : (survives ?? true) && lives;
            }
        }

        return survives;
    }
}
