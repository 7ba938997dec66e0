namespace XenDriverDomain.Access;

/// <summary>What a <see cref="BulkQuery"/> found; all keys are full paths, compared ordinally.</summary>
/// <param name="Files">Content by path, as Latin-1 text without the last newline; unreadable files are absent.</param>
/// <param name="Links">Stored target by path of the link.</param>
/// <param name="Names">The matching paths that exist.</param>
public sealed record BulkAnswer(
    IReadOnlyDictionary<string, string> Files, IReadOnlyDictionary<string, string> Links, IReadOnlySet<string> Names)
{
    /// <summary>The paths of the links whose path begins with a prefix, in no order.</summary>
    /// <param name="prefix">Any beginning of a path, not only whole components.</param>
    public IEnumerable<string> LinksBelow(string prefix) =>
        Links.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal));
}
