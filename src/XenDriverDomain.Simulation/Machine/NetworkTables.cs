using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>
/// dom0's addresses and routes, as the kernel and <c>ip</c> show them. An interface takes its own with it when it goes. The caller
/// holds the machine's lock.
/// </summary>
internal sealed class NetworkTables(IEnumerable<InterfaceAddress> addresses, IEnumerable<Route> routes)
{
    private const int RouteIsUp = 1;
    private const int RouteHasGateway = 2;

    private readonly List<string> _interfaces = [];
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly List<InterfaceAddress> _addresses = [.. addresses];
    private readonly List<Route> _routes = [.. routes];
    private int _lastIndex;

    /// <summary>A new interface.</summary>
    public void Arrive(string name)
    {
        _interfaces.Add(name);
        _indices[name] = ++_lastIndex;
    }

    /// <summary>An interface goes.</summary>
    public void Leave(string name)
    {
        _interfaces.Remove(name);
        _addresses.RemoveAll(address => address.Interface == name);
        _routes.RemoveAll(route => route.Interface == name);
    }

    /// <summary>The number of an interface; 0 when there is none of that name.</summary>
    public int IndexOf(string name) => _indices.GetValueOrDefault(name);

    /// <summary>/proc/net/route (net/ipv4/fib_trie.c, fib_route_seq_show).</summary>
    public string Routes()
    {
        StringBuilder text = new();
        text.Append("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT".PadRight(127)).Append('\n');
        foreach (Route route in _routes)
        {
            int flags = route.Flags ?? RouteIsUp | (route.Gateway is null ? 0 : RouteHasGateway);
            IPNetwork destination = IPNetwork.Parse(route.Destination);
            IPAddress gateway = route.Gateway is null ? IPAddress.Any : IPAddress.Parse(route.Gateway);
            uint mask = Number(destination.PrefixLength == 0
                ? IPAddress.Any
                : new IPAddress((uint)IPAddress.HostToNetworkOrder((int)(uint.MaxValue << (32 - destination.PrefixLength)))));
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{route.Interface}\t{Number(destination.BaseAddress):X8}\t{Number(gateway):X8}\t{flags:X4}\t"
                    + $"0\t0\t{route.Metric}\t{mask:X8}\t0\t0\t0");
            text.Append(line.PadRight(127)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What <c>ip -o addr show</c> prints.</summary>
    public string Addresses()
    {
        StringBuilder text = new();
        foreach (string name in _interfaces)
        {
            foreach (InterfaceAddress address in _addresses.Where(address => address.Interface == name))
            {
                bool is4 = IPAddress.Parse(address.Address.Split('/')[0]).AddressFamily == AddressFamily.InterNetwork;
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{IndexOf(name)}: {name}    {(is4 ? "inet" : "inet6")} {address.Address} scope "
                        + $"{address.Scope}{(is4 ? " " + name : " ")}\\       valid_lft forever preferred_lft forever\n");
            }
        }

        return text.ToString();
    }

    // In the order of the bytes in memory, little-endian.
    private static uint Number(IPAddress address) => BitConverter.ToUInt32(address.GetAddressBytes());
}
