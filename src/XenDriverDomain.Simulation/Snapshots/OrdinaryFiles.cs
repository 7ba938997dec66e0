using System.Text;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>
/// The ordinary files of the copy: configurations, what decides how it boots, names of devices, and stand-ins for programs and images.
/// </summary>
internal static class OrdinaryFiles
{
    // The kernel unpacks its configuration itself; as text it is read just so.
    private const string KernelConfig = "/proc/config.gz";

    /// <summary>Text by path.</summary>
    public static IReadOnlyDictionary<string, string> Read(HostSnapshot snapshot)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach ((string path, FileText text) in snapshot.Files.Where(file => IsOrdinary(file.Key)))
        {
            files[path] = text.Text.Length == 0 ? string.Empty : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.Text)) + "\n";
        }

        foreach (string name in snapshot.Names.Where(
            name => IsOrdinary(name) && !name.EndsWith(SnapshotQueries.Keep, StringComparison.Ordinal) && !files.ContainsKey(name)))
        {
            files[name] = "a stand-in for the file of the recorded host\n";
        }

        return files;
    }

    private static bool IsOrdinary(string path) => path == KernelConfig
        || (!path.StartsWith("/sys/", StringComparison.Ordinal) && !path.StartsWith("/proc/", StringComparison.Ordinal));
}
