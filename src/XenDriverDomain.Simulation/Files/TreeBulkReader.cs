using System.Text;
using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Files;

/// <summary>Answers one <see cref="BulkQuery"/> from a tree. The caller holds the machine's lock.</summary>
internal sealed class TreeBulkReader(FileTree tree, CancellationToken cancellationToken)
{
    /// <summary>Reads all that is asked for; what cannot be read is left out.</summary>
    public BulkAnswer Read(BulkQuery query)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string path in query.Files.SelectMany(Expand))
        {
            if (tree.Find(path, followLast: true, out _)?.Node is { } node && Content(node) is { } content)
            {
                files[path] = content;
            }
        }

        Dictionary<string, string> links = new(StringComparer.Ordinal);
        foreach (string path in query.Links.SelectMany(Expand))
        {
            if (tree.Find(path, followLast: false, out _)?.Node is LinkNode link)
            {
                links[path] = link.Target;
            }
        }

        return new BulkAnswer(
            files,
            links,
            query.Names.SelectMany(Expand).Where(path => tree.Find(path, followLast: false, out _) is not null)
                .ToHashSet(StringComparer.Ordinal));
    }

    private static string? Content(FileNode node)
    {
        ReadOnlySpan<byte> bytes;
        switch (node)
        {
            case OrdinaryFile file:
                bytes = file.Content;
                break;
            case AttributeNode { Show: { } show }:
                bytes = Encoding.UTF8.GetBytes(show());
                break;
            default:
                return null;
        }

        bytes = bytes[..Math.Min(bytes.Length, BulkQuery.FileLimit)];
        return Encoding.Latin1.GetString(bytes.EndsWith("\n"u8) ? bytes[..^1] : bytes);
    }

    private List<string> Expand(string pattern)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<string> found = [string.Empty];
        foreach (string part in pattern[1..].Split('/'))
        {
            found = part.Contains('*', StringComparison.Ordinal)
                ? found.SelectMany(
                    parent => Children(parent).Where(name => BulkPath.Matches(part, name)).Select(name => $"{parent}/{name}"))
                    .ToList()
                : found.ConvertAll(parent => $"{parent}/{part}");
        }

        return found;
    }

    private IEnumerable<string> Children(string parent)
    {
        if (tree.Find(parent + "/", followLast: true, out _)?.Node is DirectoryNode directory)
        {
            foreach (string name in directory.Children.Keys)
            {
                yield return name;
            }
        }
    }
}
