using XenDriverDomain.Simulation.Files;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// The inside of a driver domain that was made of dom0's files (room Images of the core), as it is after its init has run: what it could
/// load, and what of its programs can be run.
/// </summary>
internal sealed class Inside
{
    private const string Folder = "/etc/xen-driver-domain";

    private readonly RamDisk _disk;
    private readonly HashSet<string> _loaded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _told;

    private Inside(RamDisk disk, string release)
    {
        _disk = disk;
        Release = release;
        _told = (disk.Text($"{Folder}/image") ?? string.Empty).Split('\n').Select(line => line.Split('=', 2))
            .Where(words => words.Length == 2).ToDictionary(words => words[0], words => words[1], StringComparer.Ordinal);
        foreach (string path in (disk.Text($"{Folder}/modules") ?? string.Empty).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Load(path);
        }
    }

    /// <summary>The release of its kernel.</summary>
    public string Release { get; }

    /// <summary>The image's id.</summary>
    public string Image => _told.GetValueOrDefault("id", string.Empty);

    /// <summary>What it is for: network, disk, both.</summary>
    public string Role => _told.GetValueOrDefault("role", "network");

    /// <summary>The version of Xen's tools in it.</summary>
    public string Xen => _told.GetValueOrDefault("xen", string.Empty);

    /// <summary>The first thing that went wrong; null for nothing.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Reads it.</summary>
    /// <param name="disk">The RAM disk.</param>
    /// <param name="kernel">What is in the kernel's file.</param>
    /// <returns>Null for a RAM disk of somebody else's.</returns>
    public static Inside? Of(RamDisk disk, string kernel) => disk.Text($"{Folder}/image") is null
        ? null
        : new Inside(disk, kernel.Split('\n')[0].Split(' ')[^1]);

    /// <summary>Whether a program can be run.</summary>
    public bool Runs(string program) => _disk.Runs(program);

    /// <summary>Whether a module is loaded.</summary>
    public bool HasLoaded(string module) => _loaded.Contains(Spelling(module));

    // insmod(8): the file, of this kernel, after all that it needs.
    private void Load(string path)
    {
        string name = FileTree.Name(path), text = _disk.Text(path) ?? string.Empty;
        string[] needs = Field(text, "depends").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (Field(text, "vermagic").Split(' ')[0] != Release || Array.Find(needs, needed => !HasLoaded(needed)) is not null)
        {
            Complaint ??= $"the module {path} cannot be loaded: "
                + (text.Length == 0 ? "No such file or directory"
                    : needs.All(HasLoaded) ? "Invalid module format" : "Unknown symbol in module");
            return;
        }

        _loaded.Add(Spelling(name.Split(".ko")[0]));
    }

    private static string Field(string module, string name) =>
        module.Split('\n').Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..])
            .FirstOrDefault(string.Empty);

    private static string Spelling(string module) => module.Replace('-', '_');
}
