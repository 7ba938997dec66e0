using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the vendors that are on the host.</summary>
internal sealed class PciVendorCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        [.. (await host.Pci.ListBrieflyAsync(cancellationToken).ConfigureAwait(false))
            .GroupBy(d => d.VendorName, StringComparer.OrdinalIgnoreCase)
            .Select(g => new Candidate(g.Key, $"{g.Count()} functions"))];
}
