using System.Globalization;

namespace XenDriverDomain.Pci.Uses;

/// <summary>dom0's addresses and routes, read of what the kernel and <c>ip -o addr</c> (iproute2 or busybox) print.</summary>
internal sealed class HostNetwork
{
    private const uint RouteIsUp = 0x1;
    private const uint RouteRejects = 0x200;

    private readonly Dictionary<string, List<string>> _addresses = new(StringComparer.Ordinal);
    private readonly List<DefaultRoute> _defaults = [];

    /// <summary>Reads the tables; null or malformed ones count as empty.</summary>
    /// <param name="ipAddr">What <c>ip -o addr show</c> printed; null when it could not be run.</param>
    /// <param name="route4">/proc/net/route.</param>
    /// <param name="route6">/proc/net/ipv6_route.</param>
    public HostNetwork(string? ipAddr, string? route4, string? route6)
    {
        ReadRoutes6(route6 ?? string.Empty);
        ReadRoutes4(route4 ?? string.Empty, addressesToo: ipAddr is null);
        ReadAddresses(ipAddr ?? string.Empty);
    }

    /// <summary>Addresses of more than link scope with their prefix length, by interface.</summary>
    public IReadOnlyDictionary<string, List<string>> Addresses => _addresses;

    /// <summary>All default routes.</summary>
    public IReadOnlyList<DefaultRoute> Defaults => _defaults;

    /// <summary>True for an interface by which a default route leaves that no other of its family beats.</summary>
    public bool HasBestDefault(string name) =>
        _defaults.Any(route => route.Interface == name
            && !_defaults.Any(other => other.IsIpv6 == route.IsIpv6 && other.Metric < route.Metric));

    private static bool TryHex(string text, out uint value) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private void ReadAddresses(string text)
    {
        // 2: eth0    inet 10.0.2.15/24 brd 10.0.2.255 scope global eth0\       valid_lft forever preferred_lft forever
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split([' ', '\t', '\\'], StringSplitOptions.RemoveEmptyEntries);
            int scope = Array.IndexOf(words, "scope");
            if (words.Length < 4 || words[2] is not ("inet" or "inet6")
                || scope < 0 || scope + 1 == words.Length || words[scope + 1] is "link" or "host")
            {
                continue;
            }

            Add(words[1].Split('@')[0].TrimEnd(':'), words[3]);
        }
    }

    private void ReadRoutes4(string text, bool addressesToo)
    {
        // Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT; numbers in hexadecimal but for the metric.
        foreach (string line in text.Split('\n').Skip(1))
        {
            string[] words = line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 8 || !TryHex(words[1], out uint destination) || !TryHex(words[3], out uint flags)
                || !uint.TryParse(words[6], NumberStyles.None, CultureInfo.InvariantCulture, out uint metric)
                || !TryHex(words[7], out uint mask) || (flags & RouteIsUp) == 0 || (flags & RouteRejects) != 0)
            {
                continue;
            }

            if (destination == 0 && mask == 0)
            {
                _defaults.Add(new DefaultRoute(words[0], metric, false));
            }
            else if (addressesToo && words[2] == "00000000")
            {
                // Without ip, a network that is reached directly is the best witness of an address in it.
                byte[] octets = BitConverter.GetBytes(destination);
                Add(words[0], $"in {octets[0]}.{octets[1]}.{octets[2]}.{octets[3]}/{uint.PopCount(mask)}");
            }
        }
    }

    private void ReadRoutes6(string text)
    {
        // destination prefix source prefix gateway metric references use flags interface; all hexadecimal.
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 10 && words[1] == "00" && words[0].All(c => c == '0') && words[9] != "lo"
                && TryHex(words[5], out uint metric) && TryHex(words[8], out uint flags) && (flags & RouteRejects) == 0)
            {
                _defaults.Add(new DefaultRoute(words[9], metric, true));
            }
        }
    }

    private void Add(string name, string address)
    {
        if (name == "lo")
        {
            return;
        }

        if (!_addresses.TryGetValue(name, out List<string>? known))
        {
            _addresses[name] = known = [];
        }

        known.Add(address);
    }
}

/// <summary>A default route of the main table.</summary>
/// <param name="Interface">The interface it leaves by.</param>
/// <param name="Metric">The lowest one wins.</param>
/// <param name="IsIpv6">The family.</param>
internal sealed record DefaultRoute(string Interface, uint Metric, bool IsIpv6);
