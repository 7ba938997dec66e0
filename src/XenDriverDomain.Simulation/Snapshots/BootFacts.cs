using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>What decides the next boot besides ordinary files, and what pciback was loaded with at the last one.</summary>
internal static class BootFacts
{
    private const string Parameters = BootQueries.Module + "/parameters/";

    /// <summary>False for a recording of the time before boot files were recorded: how that host boots is not known.</summary>
    public static bool AreRecorded(RecordedFiles files) => files.Has(SnapshotQueries.Root + SnapshotQueries.Keep);

    /// <summary>True for a kernel that has pciback built in, as far as is known.</summary>
    public static bool IsPcibackBuiltIn(RecordedFiles files) =>
        AreRecorded(files) && files.Has(BootQueries.Module) && !files.Has(BootQueries.Module + BootQueries.LoadState);

    /// <summary>The directories that matter by being there.</summary>
    public static IReadOnlyList<string> Directories(RecordedFiles files) => !AreRecorded(files) ? HostDescription.UsualDirectories :
    [
        .. files.Names.Where(name => name.EndsWith(SnapshotQueries.Keep, StringComparison.Ordinal))
            .Select(name => name[..^SnapshotQueries.Keep.Length]),
        .. files.Has(XenEfiReader.Efi) ? (string[])[XenEfiReader.Efi] : [],
    ];

    /// <summary>What pciback was loaded with, which its files no longer have to say; null when it was not there.</summary>
    public static IReadOnlyDictionary<string, string>? PcibackParameters(RecordedFiles files)
    {
        if (!files.Has(PcibackPaths.Directory))
        {
            return null;
        }

        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        foreach (string name in (string[])["hide", "passthrough", "permissive"])
        {
            if (files.Text(Parameters + name) is { Length: > 0 } value && value is not ("(null)" or "N"))
            {
                parameters[name] = value;
            }
        }

        return parameters;
    }
}
