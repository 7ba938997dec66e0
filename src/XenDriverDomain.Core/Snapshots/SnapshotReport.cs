using XenDriverDomain.Snapshots.Redaction;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Snapshots;

/// <summary>What Save-XenDom0 recorded, and what it left out.</summary>
public sealed record SnapshotReport
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The file; null when it was not written to one.</summary>
    public string? Path { get; init; }

    /// <summary>The file's size in bytes.</summary>
    public long Length { get; init; }

    /// <summary>PCI functions.</summary>
    public int PciDeviceCount { get; init; }

    /// <summary>Running domains, dom0 included.</summary>
    public int DomainCount { get; init; }

    /// <summary>Files with their content: attributes of sysfs, tables of procfs, configurations.</summary>
    public int FileCount { get; init; }

    /// <summary>Nodes of xenstore.</summary>
    public int XenStoreNodeCount { get; init; }

    /// <summary>What identifies the host or its guests and is in the snapshot all the same.</summary>
    public IReadOnlyList<string> Kept { get; init; } =
        ["MAC addresses", "IP addresses and routes", "names of host, domains, disks and volumes", "titles of boot entries"];

    /// <summary>What is not in it, and why.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<LeftOut>([]);

    /// <summary>Counts what a snapshot has.</summary>
    /// <param name="dom0">The id of the host.</param>
    /// <param name="snapshot">The snapshot.</param>
    public static SnapshotReport Of(string dom0, HostSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        const string Devices = Pci.PciQueries.Devices + "/";
        return new SnapshotReport
        {
            Dom0 = dom0,
            PciDeviceCount = snapshot.Links.Keys.Count(path =>
                path.StartsWith(Devices, StringComparison.Ordinal) && path.IndexOf('/', Devices.Length) < 0),
            DomainCount = snapshot.Domains.Count,
            FileCount = snapshot.Files.Count,
            XenStoreNodeCount = snapshot.XenStore?.Count ?? 0,
            LeftOut = snapshot.LeftOut,
        };
    }
}
