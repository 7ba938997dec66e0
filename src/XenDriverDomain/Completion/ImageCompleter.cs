using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the ids of images.</summary>
internal sealed class ImageCompleter : HostCompleter
{
    /// <summary>All of a host.</summary>
    public static async Task<IReadOnlyList<Candidate>> ListAsync(HostSession host, CancellationToken cancellationToken) =>
        [.. (await host.Images.ListAsync(null, cancellationToken).ConfigureAwait(false)).Select(image => new Candidate(
            image.Id, $"{image.State}, {string.Join(' ', image.Driver)}"))];

    private protected override Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) => ListAsync(host, cancellationToken);
}
