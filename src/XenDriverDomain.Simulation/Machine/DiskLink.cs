using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>
/// The link that udev makes of where a disk is (60-persistent-storage.rules, path_id): of SATA and NVMe disks and their partitions.
/// </summary>
internal static class DiskLink
{
    private const string Folder = "/dev/disk/by-path";

    /// <summary>The link; null for other devices.</summary>
    /// <param name="directory">The device's directory in /sys/devices.</param>
    /// <param name="device">The device.</param>
    public static string? Of(string directory, ChildDevice device)
    {
        string[] parts = directory.Split('/');
        int at = Array.FindIndex(parts, part => part == "nvme" || part.StartsWith("ata", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        string bus = parts[at] == "nvme" ? "nvme-1" : $"ata-{parts[at]["ata".Length..]}";
        string partition = device.Attributes.TryGetValue("partition", out string? number) ? $"-part{number}" : string.Empty;
        return $"{Folder}/pci-{parts[at - 1]}-{bus}{partition}";
    }

    /// <summary>Where it leads.</summary>
    public static string TargetOf(ChildDevice device) => $"../../{device.Name}";
}
