using System.Text;
using XenDriverDomain.Access;

namespace XenDriverDomain.Roots;

/// <summary>
/// Reads a root in few round trips: what is asked for and the links on the way to it at once, then only what these links lead to. dom0
/// would follow an absolute link to a file of its own, so that nothing is believed that was reached through a link.
/// </summary>
/// <param name="files">dom0's files.</param>
internal sealed class RootReader(IDom0Files files)
{
    // Links that lead to links: of a real root none is left after three.
    private const int MostRounds = 8;

    private const int MaxBytes = 1024 * 1024;

    // What is asked of a root at most: one that has more links was not made by a distribution.
    private const int MostPatterns = 4000;

    /// <summary>Reads names and links, and the beginnings of the files among them whose paths are named as texts.</summary>
    /// <param name="root">Where it is mounted on dom0, without a slash at the end.</param>
    /// <param name="patterns">What may be there; <c>*</c> stands for any characters of one component.</param>
    /// <param name="texts">Files whose content is wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RootTree> ReadAsync(
        string root, IEnumerable<string> patterns, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        RootTree tree = new(root);
        HashSet<string> asked = new(StringComparer.Ordinal);
        List<string> all = [.. patterns.Concat(texts).Distinct(StringComparer.Ordinal)];
        List<string> open = [.. all];
        for (int round = 0; open.Count > 0 && round < MostRounds && all.Count < MostPatterns; round++)
        {
            asked.UnionWith(open);
            BulkAnswer answer = await files.ReadManyAsync(
                new BulkQuery(
                    [],
                    [.. open.SelectMany(WithPrefixes).Distinct(StringComparer.Ordinal).Select(path => root + path)],
                    [.. open.Select(path => root + path)]),
                cancellationToken).ConfigureAwait(false);

            // Those nearer to the root first, since they say which of the others can be believed.
            foreach ((string path, string target) in answer.Links.OrderBy(link => link.Key.Length))
            {
                tree.AddLink(path[root.Length..], target);
            }

            foreach (string path in answer.Names)
            {
                tree.AddName(path[root.Length..]);
            }

            open =
            [
                .. all.SelectMany(pattern => Rewritten(tree, pattern)).Concat(tree.Links.Select(link => tree.Resolve(link)))
                    .Where(path => path != "/" && IsAskable(path) && !asked.Contains(path)).Distinct(StringComparer.Ordinal),
            ];
            all.AddRange(open);
        }

        string[] there =
        [
            .. texts.SelectMany(tree.Match).Select(path => tree.Resolve(path)).Where(path => IsAskable(path) && tree.Exists(path))
                .Distinct(StringComparer.Ordinal),
        ];
        if (there.Length > 0)
        {
            BulkAnswer contents = await files.ReadManyAsync(
                new BulkQuery([.. there.Select(path => root + path)], [], []), cancellationToken).ConfigureAwait(false);
            foreach ((string path, string text) in contents.Files)
            {
                // What does not fit into a bulk read is read by itself.
                tree.AddText(
                    path[root.Length..],
                    text.Length < BulkQuery.FileLimit - 1
                        ? text
                        : Encoding.Latin1.GetString(await files.ReadAsync(path, MaxBytes, cancellationToken).ConfigureAwait(false)));
            }
        }

        return tree;
    }

    // A pattern whose way leads through links, by where they lead.
    private static IEnumerable<string> Rewritten(RootTree tree, string pattern)
    {
        foreach (string prefix in Prefixes(pattern))
        {
            foreach (string link in tree.LinksLike(prefix))
            {
                string target = tree.Resolve(link);
                yield return (target == "/" ? string.Empty : target) + pattern[prefix.Length..];
            }
        }
    }

    private static IEnumerable<string> WithPrefixes(string pattern) => Prefixes(pattern).Append(pattern);

    private static IEnumerable<string> Prefixes(string pattern)
    {
        for (int slash = pattern.IndexOf('/', 1); slash > 0; slash = pattern.IndexOf('/', slash + 1))
        {
            yield return pattern[..slash];
        }
    }

    // A name that no query may have is none of those that are looked for.
    private static bool IsAskable(string path) => BulkPath.IsAllowed(path);
}
