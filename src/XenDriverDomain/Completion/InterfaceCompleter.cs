using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes dom0's network interfaces behind which there is a card: its own first, then bridges, bonds and VLANs.</summary>
internal sealed class InterfaceCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        Candidate.Of((await host.Pci.ListNamesAsync([], cancellationToken).ConfigureAwait(false)).Interfaces, query.Word);
}
