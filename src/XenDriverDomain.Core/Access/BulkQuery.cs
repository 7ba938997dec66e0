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
