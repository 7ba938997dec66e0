using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Tests.Snapshots;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Tests.OlderVersions;

/// <summary>What an older version of this product wrote, as it is kept in tests/fixtures.</summary>
internal sealed class OlderVersion(string version)
{
    private static string Root => Path.Combine(AppContext.BaseDirectory, "fixtures");

    private string Folder => Path.Combine(Root, version);

    /// <summary>The versions that there is something of.</summary>
    public static IReadOnlyList<string> All =>
        [.. Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public IReadOnlyList<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, folder)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    /// <summary>A host made of a recording.</summary>
    public RecordedHost Host(string snapshot)
    {
        using FileStream file = File.OpenRead(Path.Combine(Folder, "snapshots", snapshot + ".json"));
        return RecordedHost.Of(HostSnapshot.Read(file));
    }

    /// <summary>A host that has just booted, without systemd when asked for, with the files that the version left on such a one.</summary>
    public SimulatedDom0 HostWith(string files, HostDescription description, bool withoutSystemd = false)
    {
        SimulatedDom0 dom0 = SimulatedDom0.Create(new SimulatedHostOptions { Host = description });
        if (withoutSystemd)
        {
            dom0.Machine.Files.Remove("/run/systemd/system");
            dom0.Machine.Files.MakeDirectory("/etc/init.d");
        }

        string root = Path.Combine(Folder, files, "files");
        foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            dom0.Machine.Files.Put("/" + Path.GetRelativePath(root, path), File.ReadAllText(path));
        }

        foreach ((string path, string target) in Pairs(Path.Combine(files, "links.txt"), " -> "))
        {
            dom0.Machine.Files.Link(path, target);
        }

        return dom0;
    }

    /// <summary>Writes records that the version left into a host's xenstore.</summary>
    public void WriteRecords(SimulatedDom0 dom0, string name, string below = "/")
    {
        foreach ((string path, string value) in Pairs(name, " = ").Where(record => record.Key.StartsWith(below, StringComparison.Ordinal)))
        {
            dom0.Store.Write(0, path, value);
        }
    }

    // A line each; none when there is no such file.
    private IReadOnlyList<KeyValuePair<string, string>> Pairs(string name, string between) => File.Exists(Path.Combine(Folder, name))
        ? [.. File.ReadLines(Path.Combine(Folder, name)).Select(line => line.Split(between, 2))
            .Select(pair => KeyValuePair.Create(pair[0], pair[1]))]
        : [];
}
