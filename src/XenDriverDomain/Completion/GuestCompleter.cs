using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the names of running guests.</summary>
internal sealed class GuestCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        [.. (await host.Guests.ListAsync(cancellationToken).ConfigureAwait(false))
            .Select(g => new Candidate(g.Name, $"domid {g.Domid}, {g.MemoryMB} MiB"))];
}
