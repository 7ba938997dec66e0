namespace XenDriverDomain.Boot.Loaders;

/// <summary>
/// extlinux and syslinux: an entry with mboot.c32 and <c>append xen.gz PARAMETERS --- vmlinuz PARAMETERS --- initrd</c>
/// (syslinux, doc/mboot.txt).
/// </summary>
internal sealed class ExtlinuxReader : IBootLoaderReader
{
    private const string Divider = "---";

    /// <inheritdoc/>
    public BootLoader Loader => BootLoader.Extlinux;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files =>
    [
        "/boot/extlinux/extlinux.conf", "/boot/extlinux.conf", "/extlinux.conf", "/boot/syslinux/syslinux.cfg",
        "/boot/syslinux/extlinux.conf",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [];

    /// <inheritdoc/>
    public IEnumerable<string> Find(BootScene scene) => Files.Where(scene.Files.ContainsKey);

    /// <summary>The entries of Xen, with their labels.</summary>
    public static IReadOnlyList<(string Title, string Parameters)> XenEntries(string text) =>
        [.. Lines(string.Empty, text, out _).Select(line => (line.Entry ?? string.Empty, line.Text))];

    /// <inheritdoc/>
    public BootConfiguration? Read(BootScene scene, string path)
    {
        List<KernelLine> lines = Lines(path, scene.Files[path], out string? booted);

        // DEFAULT may name a menu module instead of an entry.
        bool isKnown = lines.Any(line => line.Entry == booted);
        return lines.Count == 0 ? null : new BootConfiguration(
            Loader, path, scene.Parameter, [.. lines.Select(line => line with { IsDefault = !isKnown || line.Entry == booted })])
        {
            Evidence = $"{path} with {lines.Count} {(lines.Count == 1 ? "entry" : "entries")} of Xen",
        };
    }

    private static List<KernelLine> Lines(string path, string text, out string? booted)
    {
        string label = string.Empty;
        string? inMenu = null;
        List<KernelLine> lines = [];
        booted = null;
        foreach ((int Number, int Start, string Text) line in TextLines.Of(text))
        {
            (string keyword, int end) = TextLines.FirstWord(line.Text, 0);
            switch (keyword.ToUpperInvariant())
            {
                case "LABEL":
                    label = line.Text[end..].Trim();
                    booted ??= label;
                    break;
                case "DEFAULT":
                    booted = line.Text[end..].Trim();
                    break;
                case "MENU" when TextLines.FirstWord(line.Text, end).Word.Equals("DEFAULT", StringComparison.OrdinalIgnoreCase):
                    inMenu = label;
                    break;
                case "APPEND" when TextLines.IsXen(TextLines.FirstWord(line.Text, end).Word) && KernelOf(path, line, end) is { } kernel:
                    lines.Add(kernel with { Entry = label });
                    break;
                default:
                    break;
            }
        }

        booted = inMenu ?? booted;
        return lines;
    }

    private static KernelLine? KernelOf(string path, (int Number, int Start, string Text) line, int at)
    {
        int divider = FindDivider(line.Text, at);
        if (divider < 0)
        {
            return null;
        }

        int from = divider + Divider.Length;
        int to = FindDivider(line.Text, from);
        to = to < 0 ? line.Text.Length : to;
        while (to > from && line.Text[to - 1] is ' ' or '\t')
        {
            to--;
        }

        return TextLines.Parameters(path, line, from, to);
    }

    private static int FindDivider(string text, int at)
    {
        while (at < text.Length)
        {
            (string word, int end) = TextLines.FirstWord(text, at);
            if (word == Divider)
            {
                return end - Divider.Length;
            }

            if (end == text.Length)
            {
                return -1;
            }

            at = end;
        }

        return -1;
    }
}
