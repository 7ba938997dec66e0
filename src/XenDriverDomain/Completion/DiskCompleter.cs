using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>
/// Completes dom0's disks behind which there is a card, then partitions and volumes; of what begins with the path of a folder below /dev,
/// such as /dev/disk/by-id/, the links that are in it.
/// </summary>
internal sealed class DiskCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        Candidate.Of((await host.Pci.ListNamesAsync([query.Word + "*"], cancellationToken).ConfigureAwait(false)).Disks, query.Word);
}
