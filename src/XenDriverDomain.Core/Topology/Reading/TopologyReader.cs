using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Connections;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Waiting;

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
        (IReadOnlyList<PciDevice> devices, IReadOnlyList<DriverDomain> servers, IReadOnlyList<Guest> clients,
            IReadOnlyList<GuestVif> interfaces) = await Together.AllAsync(
                pci.ListAsync(cancellationToken),
                driverDomains.ListAsync(cancellationToken),
                guests.ListAsync(cancellationToken),
                vifs.ListAsync(cancellationToken)).ConfigureAwait(false);
        DateTime now = time.GetUtcNow().UtcDateTime;
        return TopologyBuilder.Build(
            dom0, devices, servers, clients, interfaces, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
    }
}
