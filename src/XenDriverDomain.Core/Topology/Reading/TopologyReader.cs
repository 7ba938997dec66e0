using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Topology.Reading;

/// <summary>Asks a host for what its topology is made of. Looking changes nothing: no domain is probed.</summary>
public static class TopologyReader
{
    /// <summary>The topology of a host.</summary>
    public static Task<DriverDomainTopology> ReadAsync(HostSession host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        return ReadAsync(host.Dom0.Id, host.Pci, host.DriverDomains, host.Guests, host.Vifs, host.Dom0.Time, cancellationToken);
    }

    /// <summary>The topology that the services of a host tell; all are asked at once.</summary>
    internal static async Task<DriverDomainTopology> ReadAsync(
        string dom0,
        PciInventory pci,
        DriverDomainPlans driverDomains,
        GuestPlans guests,
        GuestVifs vifs,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<PciDevice>> devices = pci.ListAsync(cancellationToken);
        Task<IReadOnlyList<DriverDomain>> servers = driverDomains.ListAsync(cancellationToken);
        Task<IReadOnlyList<Guest>> clients = guests.ListAsync(cancellationToken);
        Task<IReadOnlyList<GuestVif>> interfaces = vifs.ListAsync(cancellationToken);
        await Task.WhenAll(devices, servers, clients, interfaces).ConfigureAwait(false);
        DateTime now = time.GetUtcNow().UtcDateTime;
        return TopologyBuilder.Build(
            dom0,
            await devices.ConfigureAwait(false),
            await servers.ConfigureAwait(false),
            await clients.ConfigureAwait(false),
            await interfaces.ConfigureAwait(false),
            now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
    }
}
