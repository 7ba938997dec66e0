using System.Globalization;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Descriptions;

/// <summary>What sysfs, mountinfo and swaps show of described disks.</summary>
internal static class DiskDevices
{
    private const long SectorsPerGB = 1_000_000_000 / 512;
    private const int Nvme = 259;
    private const int Scsi = 8;

    /// <summary>The devices below a controller.</summary>
    /// <param name="disks">Its disks.</param>
    /// <param name="code">The controller's class.</param>
    /// <param name="number">The controller's number, for SCSI hosts.</param>
    public static IReadOnlyList<ChildDevice> Of(IReadOnlyList<DescribedDisk> disks, int code, int number) =>
    [
        .. disks.SelectMany((disk, target) =>
        {
            string path = code == Classes.Nvme ? $"nvme/{disk.Name[..^2]}/{disk.Name}"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(code == Classes.Sata ? $"ata{target + 1}/" : string.Empty)}host{number}/target{number}:0:{target}/"
                        + $"{number}:0:{target}:0/block/{disk.Name}");
            return Parts.Disk(path, NumberOf(disk, 0), disk.SizeGB * SectorsPerGB, [.. Partitions(disk)]);
        }),
    ];

    /// <summary>Lines of mountinfo.</summary>
    public static IEnumerable<(string Point, string Line)> Mounts(DescribedDisk disk) => disk.Mounts.Select((point, i) => (
        point, string.Create(
            CultureInfo.InvariantCulture,
            $"{40 + (NumberOfDisk(disk) * 8) + i} 28 {NumberOf(disk, i + 1)} / {point} rw,relatime shared:1 - ext4 "
                + $"/dev/{PartitionName(disk, i + 1)} rw")));

    /// <summary>The swap area as /proc/swaps has it; null for none.</summary>
    public static string? Swap(DescribedDisk disk) => disk.HasSwap
        ? $"/dev/{PartitionName(disk, disk.Mounts.Count + 1)}".PadRight(40) + "partition\t8388604\t\t0\t\t-2"
        : null;

    /// <summary>The partition that dom0's root is on, for the kernel's command line; null when it is on none of the disk's.</summary>
    public static string? Root(DescribedDisk disk) => disk.Mounts.ToList().IndexOf("/") is >= 0 and var index
        ? $"/dev/{PartitionName(disk, index + 1)}"
        : null;

    private static IEnumerable<Partition> Partitions(DescribedDisk disk)
    {
        int count = disk.Mounts.Count + (disk.HasSwap ? 1 : 0);
        return Enumerable.Range(1, count).Select(
            i => new Partition(PartitionName(disk, i), NumberOf(disk, i), disk.SizeGB * SectorsPerGB / count));
    }

    private static string PartitionName(DescribedDisk disk, int partition) => string.Create(
        CultureInfo.InvariantCulture, $"{disk.Name}{(IsNvme(disk) ? "p" : string.Empty)}{partition}");

    private static string NumberOf(DescribedDisk disk, int partition) => string.Create(
        CultureInfo.InvariantCulture, $"{(IsNvme(disk) ? Nvme : Scsi)}:{(NumberOfDisk(disk) * 16) + partition}");

    private static int NumberOfDisk(DescribedDisk disk) => IsNvme(disk) ? disk.Name[4] - '0' : disk.Name[2] - 'a';

    private static bool IsNvme(DescribedDisk disk) => disk.Name.StartsWith("nvme", StringComparison.Ordinal);
}
