using System.Text;
using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Access.Local;

/// <summary>Answers one <see cref="BulkQuery"/> from the local file system.</summary>
internal sealed class LocalBulkReader(string root, CancellationToken cancellationToken)
{
    private readonly byte[] _buffer = new byte[BulkQuery.FileLimit];

    public BulkAnswer Read(BulkQuery query)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in query.Files.SelectMany(Expand))
        {
            if (Content(path) is { } content)
            {
                files[path] = content;
            }
        }

        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in query.Links.SelectMany(Expand))
        {
            if (LocalFiles.ReadLink(root + path) is { } target)
            {
                links[path] = target;
            }
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in query.Names.SelectMany(Expand))
        {
            if (Exists(path))
            {
                names.Add(path);
            }
        }

        return new BulkAnswer(files, links, names);
    }

    private string? Content(string path)
    {
        // Only ordinary files, so that no device or FIFO in the way is opened.
        if (Libc.Stat(root + path, followLinks: true, out FileMetadata metadata) != 0
            || metadata.Kind != HostFileKind.File
            || Descriptor.Open(root + path, Libc.ReadOnly | Libc.NonBlocking, 0, out Descriptor? file) != 0)
        {
            return null;
        }

        using (file)
        {
            int length = 0;
            while (length < _buffer.Length)
            {
                int count = file!.Read(_buffer.AsSpan(length));
                if (count < 0)
                {
                    return null;
                }

                if (count == 0)
                {
                    break;
                }

                length += count;
            }

            ReadOnlySpan<byte> content = _buffer.AsSpan(0, length);
            return Encoding.Latin1.GetString(content.EndsWith("\n"u8) ? content[..^1] : content);
        }
    }

    private bool Exists(string path) => Libc.Stat(root + path, followLinks: false, out _) == 0;

    private List<string> Expand(string pattern)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<string> found = [""];
        foreach (string part in pattern[1..].Split('/'))
        {
            found = part.Contains('*')
                ? found.SelectMany(
                    parent => Children(parent).Where(name => BulkPath.Matches(part, name)).Select(name => $"{parent}/{name}"))
                    .ToList()
                : found.ConvertAll(parent => $"{parent}/{part}");
        }

        return found;
    }

    private string[] Children(string parent)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Directory.GetFileSystemEntries(root + parent + "/").Select(entry => Path.GetFileName(entry)).ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // As in sh: what cannot be listed matches nothing.
            return [];
        }
    }
}
