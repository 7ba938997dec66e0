namespace XenDriverDomain.Session;

/// <summary>The machines that come with the module: those that are built in, and the data files in its folder machines.</summary>
internal static class SimulatedMachines
{
    /// <summary>What names a data file.</summary>
    internal const string Extension = ".psd1";

    /// <summary>The machine that is meant where none is named.</summary>
    internal const string Default = "default";

    /// <summary>The machine that the acceptance tests run on in QEMU, device by device.</summary>
    internal const string Lab = "lab";

    private const string FolderName = "machines";

    private static string Folder => FolderBeside(typeof(SimulatedMachines).Assembly.Location);

    /// <summary>The names of all, in order.</summary>
    internal static IReadOnlyList<string> Names =>
        [Default, Lab, .. Files().Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>True for what names a file rather than one of these.</summary>
    internal static bool IsPath(string machine) => machine.Contains('/', StringComparison.Ordinal)
        || machine.Contains('\\', StringComparison.Ordinal) || machine.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The file of a name; null when there is none.</summary>
    internal static string? Find(string name) => Files().FirstOrDefault(
        file => Path.GetFileNameWithoutExtension(file).Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a machine is, in a line: the first comment of its file.</summary>
    internal static string Summary(string name) => name switch
    {
        Default => "A small server with a believable mix of devices.",
        Lab => "The machine that the acceptance tests run on, device by device.",
        _ => Find(name) is { } file ? File.ReadLines(file).FirstOrDefault()?.TrimStart('#', ' ') ?? name : name,
    };

    /// <summary>
    /// The folder of the data files, in the package and in a checkout alike: beside that with the assemblies, in a folder of which lie
    /// those that were compiled ahead.
    /// </summary>
    internal static string FolderBeside(string assembly)
    {
        string assemblies = Path.GetDirectoryName(assembly) ?? string.Empty;
        string beside = Path.Combine(assemblies, "..", FolderName);
        return Directory.Exists(beside) ? beside : Path.Combine(assemblies, "..", "..", FolderName);
    }

    private static string[] Files() => Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*" + Extension) : [];
}
