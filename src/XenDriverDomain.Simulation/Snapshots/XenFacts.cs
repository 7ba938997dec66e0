using System.Globalization;
using XenDriverDomain.Snapshots;

namespace XenDriverDomain.Simulation.Snapshots;

/// <summary>Xen and the machine's size, of what xl and the kernel said.</summary>
internal sealed record XenFacts
{
    private const int DefaultMemoryMB = 4096;

    private readonly HostSnapshot _snapshot;

    private XenFacts(HostSnapshot snapshot) => _snapshot = snapshot;

    /// <summary>Three numbers; the third is 0 where the version has none.</summary>
    public required Version Version { get; init; }

    /// <summary>What follows the first two, as it is written.</summary>
    public required string Extra { get; init; }

    /// <summary>Physical CPUs.</summary>
    public int CpuCount => Number("nr_cpus") ?? 1;

    /// <summary>All memory, in MiB.</summary>
    public int TotalMemoryMB => Number("total_memory") ?? Guests + Dom0MemoryMB;

    /// <summary>What neither domains have nor is free, so that as much is free as was.</summary>
    public int XenMemoryMB => Number("free_memory") is { } free ? TotalMemoryMB - free - Guests - Dom0MemoryMB : 0;

    /// <summary>dom0's memory, in MiB.</summary>
    public int Dom0MemoryMB => Dom0?.MemoryMB ?? DefaultMemoryMB;

    /// <summary>dom0's virtual CPUs.</summary>
    public int Dom0CpuCount => Dom0?.Vcpus ?? 1;

    /// <summary>True when devices could be passed through.</summary>
    public bool HasIommu => Info("virt_caps")?.Contains("_directio", StringComparison.Ordinal) == true;

    private DomainSnapshot? Dom0 => _snapshot.Domains.FirstOrDefault(domain => domain.Domid == 0);

    private int Guests => _snapshot.Domains.Where(domain => domain.Domid != 0).Sum(domain => domain.MemoryMB);

    /// <summary>Reads them.</summary>
    public static XenFacts Read(HostSnapshot snapshot, RecordedFiles files)
    {
        const string Folder = "/sys/hypervisor/version/";
        string? Info(string key) => snapshot.XlInfo?.GetValueOrDefault(key);
        string extra = files.Text(Folder + "extra") ?? Info("xen_extra") ?? ".0";
        string digits = string.Concat(extra.TrimStart('.').TakeWhile(char.IsAsciiDigit).Take(6));
        return new XenFacts(snapshot)
        {
            Extra = extra,
            Version = new Version(
                files.Number(Folder + "major") ?? Parse(Info("xen_major")) ?? 4,
                files.Number(Folder + "minor") ?? Parse(Info("xen_minor")) ?? 0,
                Parse(digits) ?? 0),
        };
    }

    /// <summary>What xl info said; null when it did not.</summary>
    public string? Info(string key) => _snapshot.XlInfo?.GetValueOrDefault(key);

    private int? Number(string key) => Parse(Info(key));

    private static int? Parse(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
