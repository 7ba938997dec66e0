using XenDriverDomain.Images;

namespace XenDriverDomain.Tests.Images.Layouts;

/// <summary>An image as its kernel sees it: paths followed through the links that are in it.</summary>
internal sealed class InsideTree
{
    private readonly Dictionary<string, ImageEntry> _entries;

    public InsideTree(ImageContent content)
    {
        _entries = content.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        foreach (string path in _entries.Keys.ToArray())
        {
            for (int end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            {
                _entries.TryAdd(path[..end], new DirectoryEntry(path[..end]));
            }
        }
    }

    /// <summary>What is there, links followed; null for nothing.</summary>
    public ImageEntry? At(string path)
    {
        for (int hops = 0; hops < 32; hops++)
        {
            string? link = null;
            for (int end = path.IndexOf('/', 1); link is null && end != 0; end = end < 0 ? 0 : path.IndexOf('/', end + 1))
            {
                string part = end < 0 ? path : path[..end];
                if (_entries.GetValueOrDefault(part) is LinkEntry entry)
                {
                    link = HostLinks.Join(part, entry.Target) + path[part.Length..];
                }
            }

            if (link is null)
            {
                return _entries.GetValueOrDefault(path);
            }

            path = link;
        }

        return null;
    }

    /// <summary>Which of dom0's files is there.</summary>
    public string? FileAt(string path) => (At(path) as HostFileEntry)?.Source;

    /// <summary>Which of dom0's files a command runs, as init's PATH has it.</summary>
    public string? Command(string name) =>
        ((string[])["/usr/sbin", "/usr/bin", "/sbin", "/bin"]).Select(folder => FileAt($"{folder}/{name}"))
            .FirstOrDefault(one => one is not null);

    /// <summary>The lines of one of our own files.</summary>
    public string[] Lines(string path) => System.Text.Encoding.UTF8.GetString(Assert.IsType<OwnFileEntry>(At(path)).Content)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
