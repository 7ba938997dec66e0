using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the domains that back a vif now.</summary>
internal sealed class BackendCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        [.. (await host.Vifs.ListBrieflyAsync(cancellationToken).ConfigureAwait(false))
            .GroupBy(v => v.Backend ?? v.BackendDomid.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal)
            .Select(g => new Candidate(g.Key, $"backs {g.Count()} vifs"))];
}
