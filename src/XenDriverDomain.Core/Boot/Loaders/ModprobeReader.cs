using XenDriverDomain.Hide;

namespace XenDriverDomain.Boot.Loaders;

/// <summary>
/// /etc/modprobe.d: <c>options xen-pciback hide=…</c>. It counts when pciback is a module; the kernel's command line, from which modprobe
/// takes options as well, goes before it (modprobe.d(5)).
/// </summary>
internal sealed class ModprobeReader : IBootLoaderReader
{
    /// <summary>The folder.</summary>
    internal const string Folder = "/etc/modprobe.d";

    private const string Parameter = "hide";

    /// <inheritdoc/>
    public BootLoader Loader => BootLoader.Modprobe;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [Folder + "/*.conf"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [Folder];

    /// <summary>The module's file, where new lines go.</summary>
    internal static string OwnFile(string module) => $"{Folder}/{module}.conf";

    /// <summary>True for a file of module options.</summary>
    internal static bool IsOptions(string path) => path.StartsWith(Folder + "/", StringComparison.Ordinal);

    /// <summary>The module of a parameter: <c>xen-pciback</c>.</summary>
    internal static string ModuleOf(BootScene scene) => scene.Parameter[..scene.Parameter.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>True for the name of a module, in which - and _ are the same.</summary>
    internal static bool IsModule(string word, string module) =>
        string.Equals(word.Replace('_', '-'), module, StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<string> Find(BootScene scene) => scene.Names.Contains(Folder) ? [Folder] : [];

    /// <inheritdoc/>
    public BootConfiguration? Read(BootScene scene, string path)
    {
        string module = ModuleOf(scene);
        List<KernelLine> lines = [];
        foreach (string file in path == Folder ? scene.In(Folder, ".conf") : [path])
        {
            foreach ((int Number, int Start, string Text) line in TextLines.Of(scene.Files.GetValueOrDefault(file, string.Empty)))
            {
                (string command, int end) = TextLines.FirstWord(line.Text, 0);
                (string name, int from) = TextLines.FirstWord(line.Text, end);
                if (command == "options" && IsModule(name, module))
                {
                    int length = Math.Min(line.Text.Length + 1, scene.Files[file].Length - line.Start);
                    lines.Add(TextLines.Rest(file, line, from) with { GoesWhenEmpty = (line.Start, length) });
                }
            }
        }

        // The last one that says it counts.
        KernelLine place = lines.LastOrDefault(line => HideWord.Find(line.Text, Parameter) is not null) ?? lines.LastOrDefault()
            ?? Append(scene, path == Folder ? OwnFile(module) : path, module);
        return new BootConfiguration(Loader, place.Path, Parameter, [place]) { Evidence = $"{Folder}, and {module} is a module" };
    }

    private static KernelLine Append(BootScene scene, string path, string module)
    {
        string text = scene.Files.GetValueOrDefault(path, string.Empty);
        bool isEnded = text.Length == 0 || text.EndsWith('\n');
        return new KernelLine(path, text.Count(c => c == '\n') + (isEnded ? 1 : 2), text.Length, string.Empty)
        {
            Prefix = $"{(isEnded ? string.Empty : "\n")}options {module} ",
            Suffix = "\n",
        };
    }
}
