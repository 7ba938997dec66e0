using XenDriverDomain.Access;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Snapshots;

/// <summary>The kernels and initial RAM disks on dom0 that domains and configurations name.</summary>
internal static class GuestImages
{
    private static readonly string[] s_keys = ["kernel", "ramdisk", "bootloader"];

    /// <summary>Their paths, as far as a bulk query takes them.</summary>
    public static string[] Find(IReadOnlyDictionary<string, string>? store, IReadOnlyDictionary<string, FileText> files)
    {
        IEnumerable<string> running = (store ?? new Dictionary<string, string>())
            .Where(node => node.Key.StartsWith($"{XenPaths.Vms}/", StringComparison.Ordinal)
                && (node.Key.EndsWith("/image/kernel", StringComparison.Ordinal)
                    || node.Key.EndsWith("/image/ramdisk", StringComparison.Ordinal)))
            .Select(node => node.Value);
        IEnumerable<string> configured = files
            .Where(file => file.Key.StartsWith(DriverDomainFiles.Directory + "/", StringComparison.Ordinal))
            .SelectMany(file => Named(file.Value.Text));
        return [.. running.Concat(configured).Where(IsQueryable).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Named(string text)
    {
        try
        {
            XlConfigDocument document = XlConfigDocument.Parse(ByteText.Bytes(text + "\n"));
            return [.. s_keys.Select(document.GetString).OfType<string>()];
        }
        catch (XenDriverDomainException)
        {
            return [];
        }
    }

    private static bool IsQueryable(string path)
    {
        try
        {
            BulkPath.Require(new BulkQuery([], [], [path]));
            return !path.Contains('*', StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
