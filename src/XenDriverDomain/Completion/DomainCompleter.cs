using XenDriverDomain.DriverDomains;
using XenDriverDomain.Guests;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the names of driver domains, configured and running, and of guests.</summary>
internal sealed class DomainCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<DriverDomain>> driverDomains = host.DriverDomains.ListBrieflyAsync(cancellationToken);
        Task<IReadOnlyList<Guest>> guests = host.Guests.ListAsync(cancellationToken);
        await Task.WhenAll(driverDomains, guests).ConfigureAwait(false);
        return
        [
            .. (await driverDomains.ConfigureAwait(false)).Select(
                d => new Candidate(d.Name, d.Domid is null ? "driver domain, not running" : $"driver domain, domid {d.Domid}"))
                .Concat((await guests.ConfigureAwait(false)).Select(g => new Candidate(g.Name, $"guest, domid {g.Domid}")))
                .DistinctBy(c => c.Text, StringComparer.Ordinal),
        ];
    }
}
