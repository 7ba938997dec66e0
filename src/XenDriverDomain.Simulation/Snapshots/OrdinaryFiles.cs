using System.Text;
using XenDriverDomain.Checks;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>The ordinary files of the copy: configurations, names of devices, what pciback is loaded with, and stand-ins for images.</summary>
internal static class OrdinaryFiles
{
    private const string Parameters = "/sys/module/xen_pciback/parameters/";

    /// <summary>Text by path.</summary>
    public static IReadOnlyDictionary<string, string> Read(HostSnapshot snapshot)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach ((string path, FileText text) in snapshot.Files.Where(file => IsOrdinary(file.Key)))
        {
            files[path] = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.Text)) + "\n";
        }

        foreach (string name in snapshot.Names.Where(name => IsOrdinary(name) && !files.ContainsKey(name)))
        {
            files[name] = "a stand-in for the file of the recorded host\n";
        }

        if (ModuleOptions(snapshot) is { Length: > 0 } options)
        {
            files["/etc/modprobe.d/xen-pciback.conf"] = $"options xen-pciback{options}\n";
        }

        return files;
    }

    private static bool IsOrdinary(string path) =>
        !path.StartsWith("/sys/", StringComparison.Ordinal) && !path.StartsWith("/proc/", StringComparison.Ordinal);

    private static string ModuleOptions(HostSnapshot snapshot)
    {
        StringBuilder options = new();
        if (Text("hide") is { } hide && hide != "(null)" && HideParameter.Find(snapshot.Files.GetValueOrDefault("/proc/cmdline").Text ?? string.Empty) != hide)
        {
            options.Append(" hide=").Append(hide);
        }

        foreach (string name in (string[])["passthrough", "permissive"])
        {
            if (Text(name) == "Y")
            {
                options.Append(' ').Append(name).Append("=1");
            }
        }

        return options.ToString();

        string? Text(string name) => snapshot.Files.TryGetValue(Parameters + name, out FileText text) && text.Text.Length > 0 ? text.Text : null;
    }
}
