using XenDriverDomain.Access;

namespace XenDriverDomain.Pci;

/// <summary>How a function stands with the kernel's drivers, read in one go.</summary>
internal sealed record DriverBinding
{
    /// <summary>sysfs ends an attribute at one page; a list that long may have lost its end (pci_stub.c, slots_show).</summary>
    internal const int NearlyFull = BulkQuery.FileLimit - 16;

    /// <summary>True when the kernel knows the function.</summary>
    public bool Exists { get; init; }

    /// <summary>The driver that is bound; null when none is.</summary>
    public string? Driver { get; init; }

    /// <summary>True when pciback's list of slots has exactly this function.</summary>
    public bool IsListed { get; init; }

    /// <summary>True when the list of slots fills its page, so that a missing line proves nothing.</summary>
    public bool IsListCut { get; init; }

    /// <summary>The only driver that may bind (driver_override); null when any may.</summary>
    public string? Override { get; init; }

    /// <summary>True when pciback has it.</summary>
    public bool IsBoundToPciback => Driver == PcibackPaths.DriverName;

    /// <summary>The files to read.</summary>
    public static IReadOnlyList<string> FilesOf(PciAddress address) =>
        [PcibackPaths.Directory + "/slots", $"{Pciback.DeviceOf(address)}/driver_override"];

    /// <summary>The links to read.</summary>
    public static IReadOnlyList<string> LinksOf(PciAddress address) => [$"{Pciback.DeviceOf(address)}/driver"];

    /// <summary>The names to look for.</summary>
    public static IReadOnlyList<string> NamesOf(PciAddress address) => [Pciback.DeviceOf(address)];

    /// <summary>Takes the binding out of an answer.</summary>
    public static DriverBinding From(PciAddress address, BulkAnswer answer)
    {
        string slots = answer.Files.GetValueOrDefault(FilesOf(address)[0]) ?? string.Empty;
        string? @override = answer.Files.GetValueOrDefault(FilesOf(address)[1])?.Trim();
        string? link = answer.Links.GetValueOrDefault(LinksOf(address)[0]);
        return new DriverBinding
        {
            Exists = answer.Names.Contains(Pciback.DeviceOf(address)),
            Driver = link?[(link.LastIndexOf('/') + 1)..],
            IsListed = slots.Split('\n').Any(l => l.Trim() == address.ToString()),
            IsListCut = slots.Length >= NearlyFull,
            Override = @override is null or "" or "(null)" ? null : @override,
        };
    }
}
