using System.Globalization;
using System.Net;
using System.Net.Sockets;
using XenDriverDomain.Network;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>Reads dom0's bridges, addresses and routes.</summary>
internal static class NetworkReader
{
    /// <summary>The keys of a bridge.</summary>
    public static readonly string[] Keys = ["Name", "IP", "Gateway", "Mac"];

    /// <summary>The addresses and the gateway of a table.</summary>
    /// <param name="table">A card's or a bridge's.</param>
    /// <param name="hasInterface">False where there can be none, which was told already.</param>
    public static (IReadOnlyList<string> Addresses, string? Gateway) Addresses(DescriptionTable table, bool hasInterface)
    {
        if (!hasInterface)
        {
            return ([], null);
        }

        IReadOnlyList<string> addresses = table.Texts("IP");
        for (int i = 0; i < addresses.Count; i++)
        {
            if (!IsAddress(addresses[i]))
            {
                throw table.Wrong("IP", i, addresses[i], "it is no address with its prefix length", "such as '192.168.1.10/24'");
            }
        }

        string? gateway = table.Text("Gateway");
        if (gateway is not null
            && !(IPAddress.TryParse(gateway, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork))
        {
            throw table.Wrong("Gateway", "it is no IPv4 address", "an address such as '192.168.1.1'");
        }

        return gateway is null || addresses.Any(one => one.Contains('.', StringComparison.Ordinal))
            ? (addresses, gateway)
            : throw table.Wrong("Gateway", "the interface has no IPv4 address to reach it from", "IP beside it");
    }

    /// <summary>Reads dom0's bridges.</summary>
    public static IReadOnlyList<DescribedBridge> Bridges(IReadOnlyList<DescriptionTable> tables, IReadOnlyList<DescribedCard> cards)
    {
        List<DescribedBridge> bridges = [];
        foreach (DescriptionTable table in tables)
        {
            string name = table.Required("Name", "the name of a bridge");
            if (InterfaceName.WhyNot(name) is { } why)
            {
                throw table.Wrong("Name", why, "the name of a network interface, at most 15 characters");
            }

            if (bridges.Exists(bridge => bridge.Name == name) || cards.Any(card => card.Interface == name))
            {
                throw table.Wrong("Name", "another interface has it", "a name that nothing else has");
            }

            (IReadOnlyList<string> addresses, string? gateway) = Addresses(table, hasInterface: true);
            string mac = table.Text("Mac") ?? string.Create(CultureInfo.InvariantCulture, $"52:54:00:ff:00:{bridges.Count:x2}");
            bridges.Add(MacAddress.TryParse(mac, out MacAddress known)
                ? new DescribedBridge(name, known.ToString(), addresses, gateway)
                : throw table.Wrong("Mac", "it is no MAC address", "six pairs of hexadecimal digits"));
        }

        foreach (DescribedCard card in cards.Where(card => card.Bridge is not null))
        {
            if (!bridges.Exists(bridge => bridge.Name == card.Bridge))
            {
                throw card.Table.Wrong("Bridge", "dom0 has no such bridge", Names(bridges));
            }

            if (card.Addresses.Count > 0)
            {
                throw card.Table.Wrong("IP", "an interface in a bridge has no address of its own", "IP on the bridge");
            }
        }

        return bridges;
    }

    /// <summary>The names of bridges, for a list of what is allowed.</summary>
    public static string Names(IReadOnlyList<DescribedBridge> bridges) => bridges.Count == 0
        ? "the Name of a table in Bridges, which has none"
        : string.Join(", ", bridges.Select(bridge => bridge.Name));

    /// <summary>dom0's addresses.</summary>
    public static IEnumerable<InterfaceAddress> AddressesOf(string name, IReadOnlyList<string> addresses) =>
        addresses.Select(address => new InterfaceAddress(name, address));

    /// <summary>dom0's IPv4 routes by an interface.</summary>
    public static IEnumerable<Route> RoutesOf(string name, IReadOnlyList<string> addresses, string? gateway)
    {
        if (gateway is not null)
        {
            yield return new Route(name, "0.0.0.0/0", gateway);
        }

        foreach (string address in addresses.Where(address => address.Contains('.', StringComparison.Ordinal)))
        {
            yield return new Route(name, NetworkOf(address));
        }
    }

    private static bool IsAddress(string text) => text.Split('/') is [var address, var length]
        && IPAddress.TryParse(address, out IPAddress? parsed)
        && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
        && (parsed.AddressFamily == AddressFamily.InterNetwork ? bits is > 0 and <= 32 && address.Split('.').Length == 4 : bits <= 128);

    private static string NetworkOf(string address)
    {
        string[] parts = address.Split('/');
        int length = int.Parse(parts[1], CultureInfo.InvariantCulture);
        byte[] octets = IPAddress.Parse(parts[0]).GetAddressBytes();
        for (int i = 0; i < octets.Length; i++)
        {
            int kept = Math.Clamp(length - (8 * i), 0, 8);
            octets[i] &= (byte)(0xff << (8 - kept));
        }

        return $"{new IPAddress(octets)}/{parts[1]}";
    }
}

/// <summary>A bridge of dom0's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mac">Its MAC address.</param>
/// <param name="Addresses">dom0's addresses on it, with their prefix lengths.</param>
/// <param name="Gateway">dom0's default gateway behind it; null for none.</param>
internal sealed record DescribedBridge(string Name, string Mac, IReadOnlyList<string> Addresses, string? Gateway);
