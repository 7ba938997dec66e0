using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Topology;

/// <summary>Asks a host for what its topology is made of. Looking changes nothing: no domain is probed.</summary>
public static class TopologyReader
{
    /// <summary>The topology of a host.</summary>
    public static async Task<DriverDomainTopology> ReadAsync(HostSession host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        Task<IReadOnlyList<PciDevice>> devices = host.Pci.ListAsync(cancellationToken);
        Task<IReadOnlyList<DriverDomain>> driverDomains = host.DriverDomains.ListAsync(cancellationToken);
        Task<IReadOnlyList<Guest>> guests = host.Guests.ListAsync(cancellationToken);
        Task<IReadOnlyList<GuestVif>> vifs = host.Vifs.ListAsync(cancellationToken);
        await Task.WhenAll(devices, driverDomains, guests, vifs).ConfigureAwait(false);
        return TopologyBuilder.Build(
            host.Dom0.Id,
            await devices.ConfigureAwait(false),
            await driverDomains.ConfigureAwait(false),
            await guests.ConfigureAwait(false),
            await vifs.ConfigureAwait(false));
    }
}
