using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the ids of images.</summary>
internal sealed class ImageCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        [.. (await host.Images.ListAsync(null, cancellationToken).ConfigureAwait(false)).Select(image => new Candidate(
            image.Id, $"{image.State}, {string.Join(' ', image.Driver)}"))];
}
