using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Lifecycle;

/// <summary>In which order several domains are stopped: who uses another one as its back end comes before that one.</summary>
public static class StopOrder
{
    /// <summary>The order, each by its place among those that were named; what is not there keeps its place among them.</summary>
    /// <param name="dom0">The host.</param>
    /// <param name="domains">Its domains.</param>
    /// <param name="named">The domains, as a user named them.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    public static async Task<IReadOnlyList<DomainToStop>> OfAsync(
        Dom0 dom0, DomainDirectory domains, IReadOnlyList<DomainRef> named, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dom0);
        ArgumentNullException.ThrowIfNull(domains);
        ArgumentNullException.ThrowIfNull(named);
        if (named.Count < 2)
        {
            return [.. named.Select((_, place) => new DomainToStop(place, null))];
        }

        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        List<DomainToStop> waiting = [];
        foreach (DomainRef one in named)
        {
            DomainInfo? domain = await domains.TryResolveAsync(one, cancellationToken).ConfigureAwait(false);
            waiting.Add(new DomainToStop(waiting.Count, domain?.Domid));
        }

        ILookup<int, int> clients = (await DomainClients.ListAsync(store, cancellationToken).ConfigureAwait(false))
            .Where(c => c.GuestName is not null && c.Device.Guest != c.BackendDomid).ToLookup(c => c.BackendDomid, c => c.Device.Guest);
        List<DomainToStop> order = [];
        while (waiting.Count > 0)
        {
            // Two that serve each other begin anywhere, and the first is refused.
            HashSet<int> left = [.. waiting.Select(w => w.Domid).OfType<int>()];
            DomainToStop next = waiting.Find(w => w.Domid is not { } domid || !clients[domid].Any(left.Contains)) ?? waiting[0];
            waiting.Remove(next);
            order.Add(next);
        }

        return order;
    }
}

/// <summary>One of several domains that are to be stopped.</summary>
/// <param name="Place">Its place among those that were named.</param>
/// <param name="Domid">Its domid; null when that is not known, or need not be.</param>
public sealed record DomainToStop(int Place, int? Domid);
