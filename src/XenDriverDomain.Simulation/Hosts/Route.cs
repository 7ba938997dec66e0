namespace XenDriverDomain.Simulation.Hosts;

/// <summary>An IPv4 route of dom0.</summary>
/// <param name="Interface">The interface it leaves by.</param>
/// <param name="Destination">The network with its prefix length, <c>192.168.1.0/24</c>; <c>0.0.0.0/0</c> is the default route.</param>
/// <param name="Gateway">The next hop; null when the network is reached directly.</param>
/// <param name="Metric">The lowest one wins.</param>
public sealed record Route(string Interface, string Destination, string? Gateway = null, int Metric = 0)
{
    /// <summary>RTF_ flags (linux/route.h); null for those of an ordinary route.</summary>
    public int? Flags { get; init; }
}
