using System.Globalization;

namespace XenDriverDomain.Boot.Loaders;

/// <summary>
/// GRUB legacy: the first <c>module</c> of an entry whose <c>kernel</c> is Xen is dom0's kernel with its parameters. Debian's update-grub
/// makes entries of its own from comments: <c># xenkopt=</c> (Xen's kernels), or <c># kopt=</c> (all kernels) where there is none.
/// </summary>
internal sealed class GrubLegacyReader : IBootLoaderReader
{
    private const string RedHat = "/boot/grub/grub.conf";

    /// <inheritdoc/>
    public BootLoader Loader => BootLoader.GrubLegacy;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [RedHat, "/boot/grub/menu.lst"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [];

    /// <inheritdoc/>
    public IEnumerable<string> Find(BootScene scene)
    {
        // Red Hat's menu.lst is a link to grub.conf.
        string[] found = [.. Files.Where(scene.Files.ContainsKey)];
        return found.Length == 2 && scene.Files[found[0]] == scene.Files[found[1]] ? found[..1] : found;
    }

    /// <inheritdoc/>
    public BootConfiguration? Read(BootScene scene, string path)
    {
        List<KernelLine> entries = [];
        List<(int Number, KernelLine Line)> numbered = [];
        Dictionary<string, KernelLine> comments = new(StringComparer.Ordinal);
        string title = string.Empty;
        int number = -1, booted = 0;
        bool isXen = false;
        foreach ((int Number, int Start, string Text) line in TextLines.Of(scene.Files[path]))
        {
            (string command, int end) = TextLines.FirstWord(line.Text.Replace('=', ' '), 0);
            switch (command)
            {
                case "title":
                    title = line.Text[end..].Trim();
                    number++;
                    isXen = false;
                    break;
                case "default":
                    // "saved" is whatever was booted last.
                    booted = int.TryParse(
                        line.Text[Math.Min(end + 1, line.Text.Length)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture,
                        out int which) ? which : -1;
                    break;
                case "kernel":
                    isXen = TextLines.IsXen(KernelOf(line.Text, end).Word);
                    break;
                case "module" when isXen:
                    if (TextLines.Parameters(path, line, end) is { } parameters)
                    {
                        numbered.Add((number, parameters with { Entry = title }));
                    }

                    isXen = false;
                    break;
                case "#" when Comment(line.Text) is { } comment:
                    comments[comment] = TextLines.Rest(path, line, line.Text.IndexOf('=', StringComparison.Ordinal) + 1) with
                    {
                        Entry = $"# {comment}",
                        IsDefault = false,
                        Prefix = string.Empty,
                    };
                    break;
                default:
                    break;
            }
        }

        if (numbered.Count == 0)
        {
            return null;
        }

        bool isKnown = numbered.Any(entry => entry.Number == booted);
        entries.AddRange(numbered.Select(entry => entry.Line with { IsDefault = !isKnown || entry.Number == booted }));
        if ((comments.GetValueOrDefault("xenkopt") ?? comments.GetValueOrDefault("kopt")) is { } options)
        {
            entries.Insert(0, options);
        }

        return new BootConfiguration(Loader, path, scene.Parameter, entries)
        {
            Evidence = $"{path} with {numbered.Count} {(numbered.Count == 1 ? "entry" : "entries")} of Xen",
        };
    }

    // Options of the command itself may come first: kernel --no-mem-option /xen.gz.
    private static (string Word, int End) KernelOf(string line, int at)
    {
        (string word, int end) = TextLines.FirstWord(line, at);
        while (word.StartsWith("--", StringComparison.Ordinal))
        {
            (word, end) = TextLines.FirstWord(line, end);
        }

        return (word, end);
    }

    private static string? Comment(string line) =>
        line.StartsWith("# xenkopt=", StringComparison.Ordinal)
            ? "xenkopt"
            : line.StartsWith("# kopt=", StringComparison.Ordinal) ? "kopt" : null;
}
