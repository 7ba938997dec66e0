using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the ids of images, and where roots are mounted.</summary>
internal sealed class ImageOrRootCompleter : HostPathCompleter
{
    private protected override string Folder => "/mnt/";

    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) => query.Word.StartsWith('/')
        ? await base.FindAsync(host, query, cancellationToken).ConfigureAwait(false)
        : await ImageCompleter.ListAsync(host, cancellationToken).ConfigureAwait(false);
}
