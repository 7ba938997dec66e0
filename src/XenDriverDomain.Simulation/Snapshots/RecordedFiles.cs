using System.Globalization;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>The files, links and names of a snapshot, looked up.</summary>
internal sealed class RecordedFiles(HostSnapshot snapshot)
{
    private readonly HashSet<string> _names = [.. snapshot.Names];

    /// <summary>All links.</summary>
    public IReadOnlyDictionary<string, string> Links => snapshot.Links;

    /// <summary>All files.</summary>
    public IReadOnlyDictionary<string, FileText> Files => snapshot.Files;

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => snapshot.Names;

    /// <summary>A file's text; null when it was not there.</summary>
    public string? Text(string path) => snapshot.Files.TryGetValue(path, out FileText text) ? text.Text : null;

    /// <summary>A file's lines; none when it was not there.</summary>
    public IReadOnlyList<string> Lines(string path) => Text(path) is { Length: > 0 } text ? text.Split('\n') : [];

    /// <summary>True when only the existence was recorded, and it did exist.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>What was recorded to be in a directory, of what only the existence was recorded.</summary>
    public IEnumerable<string> NamesIn(string directory) => _names
        .Where(name => name.StartsWith(directory, StringComparison.Ordinal) && name.LastIndexOf('/') == directory.Length)
        .Select(name => name[(directory.Length + 1)..]);

    /// <summary>A file's number, hexadecimal with or without 0x; 0 when there is none.</summary>
    public ulong Hex(string path) => ulong.TryParse(
        (Text(path) ?? string.Empty).Replace("0x", string.Empty, StringComparison.Ordinal),
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture,
        out ulong number) ? number : 0;

    /// <summary>A file's decimal number; null when there is none.</summary>
    public int? Number(string path) =>
        int.TryParse(Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Where a link leads, as an absolute path; null when there is none.</summary>
    public string? Resolve(string link)
    {
        if (!snapshot.Links.TryGetValue(link, out string? target))
        {
            return null;
        }

        List<string> parts = target.StartsWith('/') ? [] : [.. link.Split('/')[1..^1]];
        foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return "/" + string.Join('/', parts.Where(part => part != "."));
    }
}
