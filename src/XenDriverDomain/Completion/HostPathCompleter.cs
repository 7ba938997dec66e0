using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>
/// The base of completers of paths on the host: PowerShell by itself would offer the files of this machine. Offers what is in the
/// folder that was typed, or in the one where such files usually are.
/// </summary>
internal abstract class HostPathCompleter : HostCompleter
{
    /// <summary>The usual folder, with a slash at its end.</summary>
    private protected abstract string Folder { get; }

    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken)
    {
        string folder = query.Word.StartsWith('/') ? query.Word[..(query.Word.LastIndexOf('/') + 1)] : Folder;
        IReadOnlyList<string> names = await host.Dom0.Files.ListAsync(folder, cancellationToken).ConfigureAwait(false);
        return [.. names.Select(n => new Candidate(folder + n, $"{folder}{n} on {host.Dom0.Id}"))];
    }
}
