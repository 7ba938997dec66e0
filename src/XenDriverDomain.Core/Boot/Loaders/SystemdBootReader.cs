namespace XenDriverDomain.Boot.Loaders;

/// <summary>
/// systemd-boot: an entry of loader/entries whose <c>efi</c> is Xen. It starts Xen's EFI program, which reads a file of its own: that
/// of its option <c>-cfg=</c>, else its own name with .cfg, else xen.cfg beside it.
/// </summary>
internal sealed class SystemdBootReader : IBootLoaderReader
{
    private const string Entries = "/loader/entries";
    private static readonly string[] s_partitions = ["/boot", "/efi", "/boot/efi"];

    /// <inheritdoc/>
    public BootLoader Loader => BootLoader.SystemdBoot;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [.. s_partitions.Select(root => $"{root}{Entries}/*.conf")];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [];

    /// <inheritdoc/>
    public IEnumerable<string> Find(BootScene scene) => s_partitions.SelectMany(root => scene.In(root + Entries, ".conf"))
        .Where(entry => ConfigOf(scene, entry) is not null)
        .DistinctBy(entry => ConfigOf(scene, entry));

    /// <inheritdoc/>
    public BootConfiguration? Read(BootScene scene, string path)
    {
        string? config = path.EndsWith(".conf", StringComparison.Ordinal) ? ConfigOf(scene, path) : path;
        return config is not null && XenEfiConfig.Read(config, scene.Files[config]) is { Count: > 0 } lines
            ? new BootConfiguration(Loader, config, scene.Parameter, lines)
            {
                Evidence = config == path ? path : $"{path}, which starts Xen with {config}",
            }
            : null;
    }

    private static string? ConfigOf(BootScene scene, string entry)
    {
        string? program = null, options = null;
        foreach ((_, _, string line) in TextLines.Of(scene.Files[entry]))
        {
            (string key, int end) = TextLines.FirstWord(line, 0);
            program = key == "efi" ? line[end..].Trim().Replace('\\', '/') : program;
            options = key == "options" ? line[end..].Trim() : options;
        }

        // An entry that lies elsewhere does not say which partition its programs are on.
        int place = entry.IndexOf(Entries, StringComparison.Ordinal);
        if (program is null || !TextLines.IsXen(program) || place < 0)
        {
            return null;
        }

        string root = entry[..place];
        string folder = root + program[..(program.LastIndexOf('/') + 1)];
        string? named = options?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(word => word.StartsWith("-cfg=", StringComparison.Ordinal))?[5..];
        string own = Path.ChangeExtension(program[(program.LastIndexOf('/') + 1)..], ".cfg");

        // The partition is FAT, which takes upper and lower case for the same.
        return (named is null ? (string[])[own, "xen.cfg"] : [named.Replace('\\', '/').TrimStart('/')])
            .Select(name => scene.Files.Keys.FirstOrDefault(path => string.Equals(path, folder + name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(path => path is not null);
    }
}
