namespace XenDriverDomain.Access;

/// <summary>
/// What to read in one round trip. Each entry is an absolute path whose components may be or contain the wildcard <c>*</c>
/// (as in sh: it does not match a leading dot, and never a slash); no other wildcard and no white space, quote or control
/// character is allowed, so that one and the same query means the same to every transport.
/// </summary>
/// <param name="Files">Small text files whose content is wanted; at most 4,096 bytes of each are read.</param>
/// <param name="Links">Symbolic links whose target is wanted, as stored (readlink), not resolved.</param>
/// <param name="Names">Paths whose existence is wanted.</param>
public sealed record BulkQuery(IReadOnlyList<string> Files, IReadOnlyList<string> Links, IReadOnlyList<string> Names)
{
    /// <summary>The most bytes that are read of one file; sysfs attributes end at one page.</summary>
    public const int FileLimit = 4096;
}

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
