using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the names of driver domains, configured and running.</summary>
internal sealed class DriverDomainCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        [.. (await host.DriverDomains.ListBrieflyAsync(cancellationToken).ConfigureAwait(false)).Select(d => new Candidate(
            d.Name, d.Domid is null ? "not running" : $"domid {d.Domid}, {string.Join(' ', d.PciDevice)}"))];
}
