using System.Collections;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>tmp.</summary>
public sealed class PciClassCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, IDictionary boundParameters, CancellationToken cancellationToken) =>
        [.. (await host.Pci.ListAsync(cancellationToken).ConfigureAwait(false))
            .GroupBy(d => d.ClassName, StringComparer.OrdinalIgnoreCase)
            .Select(g => new Candidate(g.Key, $"{g.Count()} functions"))];
}
