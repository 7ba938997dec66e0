using System.Globalization;
using System.Net;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>dom0's addresses and routes.</summary>
internal static class NetworkFacts
{
    /// <summary>The addresses.</summary>
    public static IReadOnlyList<InterfaceAddress> Addresses(HostSnapshot snapshot) =>
    [
        .. (snapshot.Addresses ?? []).Select(line => line.Split(' ') is [var name, "inet" or "inet6", var address, "scope", var scope]
            && IPAddress.TryParse(address.Split('/')[0], out _)
                ? new InterfaceAddress(name, address, scope)
                : throw SnapshotReader.Malformed(
                    $"addresses: '{Terminal.Text.Show(line, 80)}' is not like 'eth0 inet 10.0.2.15/24 scope global'")),
    ];

    /// <summary>The IPv4 routes.</summary>
    public static IReadOnlyList<Route> Routes(RecordedFiles files) =>
        [.. files.Lines("/proc/net/route").Select(line => Route(line) ?? throw SnapshotReader.Malformed(
            $"/proc/net/route: '{Terminal.Text.Show(line, 80)}' is not a line of the kernel's"))];

    // Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT.
    private static Route? Route(string line)
    {
        string[] words = line.Split('\t');
        return words.Length >= 8 && Hex(words[1]) is { } destination && Hex(words[2]) is { } gateway && Hex(words[3]) is { } flags
            && uint.TryParse(words[6], NumberStyles.None, CultureInfo.InvariantCulture, out uint metric) && metric <= int.MaxValue
            && Hex(words[7]) is { } mask && (destination & ~mask) == 0
                ? new Route(
                    words[0],
                    new IPNetwork(Address(destination), (int)uint.PopCount(mask)).ToString(),
                    gateway == 0 ? null : Address(gateway).ToString(),
                    (int)metric)
                {
                    Flags = (int)flags,
                }
                : null;
    }

    // In the order of the bytes in memory, little-endian.
    private static IPAddress Address(uint number) => new(BitConverter.GetBytes(number));

    private static uint? Hex(string text) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number) ? number : null;
}
