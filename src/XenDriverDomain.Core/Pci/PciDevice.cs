using System.Globalization;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci;

/// <summary>
/// A PCI function of the host at the moment it was looked at: what it is, who has it, and what dom0 uses it for. Read from
/// /sys/bus/pci (Documentation/ABI/testing/sysfs-bus-pci) and from xl's records in xenstore.
/// </summary>
public sealed record PciDevice
{
    /// <summary>In <see cref="ResetMethods"/>: the kernel can reset the function but, before 5.15, does not say how.</summary>
    public const string UnnamedReset = "unnamed";

    /// <summary>The id of the host it belongs to.</summary>
    public required string Dom0 { get; init; }

    /// <summary>Domain, bus, device, function.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Who has it.</summary>
    public PciDeviceState State { get; init; }

    /// <summary>
    /// Who has it after the next boot, as dom0's boot configuration says; a command line that is not a file's (typed at the loader's
    /// prompt) is not known here.
    /// </summary>
    public PciNextBootState StateAtNextBoot { get; init; }

    /// <summary>The class in words of pci.ids ("Ethernet controller"), or the number when the file lacks it.</summary>
    public string ClassName { get; init; } = string.Empty;

    /// <summary>Base class, subclass and programming interface: 0xCCSSPP.</summary>
    public int ClassCode { get; init; }

    /// <summary>The programming interface in words of pci.ids ("XHCI", "NVM Express"); null when the file has none.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>The vendor's name, or its number in hexadecimal.</summary>
    public string VendorName { get; init; } = string.Empty;

    /// <summary>The device's name, or its number in hexadecimal.</summary>
    public string DeviceName { get; init; } = string.Empty;

    /// <summary>The subsystem's name; null when pci.ids has none.</summary>
    public string? SubsystemName { get; init; }

    /// <summary>Vendor id.</summary>
    public ushort VendorId { get; init; }

    /// <summary>Device id.</summary>
    public ushort DeviceId { get; init; }

    /// <summary>Subsystem vendor id.</summary>
    public ushort SubsystemVendorId { get; init; }

    /// <summary>Subsystem device id.</summary>
    public ushort SubsystemDeviceId { get; init; }

    /// <summary>Revision.</summary>
    public byte Revision { get; init; }

    /// <summary>The driver in dom0 that is bound; null when none is.</summary>
    public string? Driver { get; init; }

    /// <summary>The kernel modules that say they know the device (modules.alias).</summary>
    public IReadOnlyList<string> Modules { get; init => field = TextList.OfWords(value); } = TextList.OfWords<string>([]);

    /// <summary>The interrupt line; null when it has none (0 or 255 and above).</summary>
    public int? Irq { get; init; }

    /// <summary>
    /// True when its driver has set up message-signalled interrupts (MSI, MSI-X), which share no line with anybody; false when not; null
    /// when the kernel (before 3.2) tells of no function whether it did (Documentation/ABI/testing/sysfs-bus-pci, msi_irqs).
    /// </summary>
    public bool? UsesMsi { get; init; }

    /// <summary>The NUMA node; null when the platform does not say.</summary>
    public int? NumaNode { get; init; }

    /// <summary>Base address registers that are in use.</summary>
    public IReadOnlyList<PciBar> Bars { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<PciBar>([]);

    /// <summary>
    /// How the kernel can reset it, in the order it tries (<c>flr</c>, <c>bus</c>, …, or <see cref="UnnamedReset"/>); empty when it cannot.
    /// </summary>
    public IReadOnlyList<string> ResetMethods { get; init => field = TextList.OfWords(value); } = TextList.OfWords<string>([]);

    /// <summary>For an SR-IOV virtual function, the physical one.</summary>
    public PciAddress? PhysicalFunction { get; init; }

    /// <summary>The SR-IOV virtual functions of this one.</summary>
    public IReadOnlyList<PciAddress> VirtualFunctions { get; init => field = TextList.OfWords(value); } = TextList.OfWords<PciAddress>([]);

    /// <summary>The bridges above it, from the root down.</summary>
    public IReadOnlyList<PciAddress> BridgePath { get; init => field = TextList.OfWords(value); } = TextList.OfWords<PciAddress>([]);

    /// <summary>The other functions of the same slot.</summary>
    public IReadOnlyList<PciAddress> Siblings { get; init => field = TextList.OfWords(value); } = TextList.OfWords<PciAddress>([]);

    /// <summary>True for PCI Express, false for conventional PCI; null when the kernel (before 4.13) does not tell.</summary>
    public bool? IsPciExpress { get; init; }

    /// <summary>
    /// True for what other devices are reached through, the host bridge and the ISA bridge included: it has no life of its own and
    /// cannot be given to a domain.
    /// </summary>
    public bool IsBridge { get; init; }

    /// <summary>True for the host bridge (class 0600): the machine itself.</summary>
    public bool IsHostBridge { get; init; }

    /// <summary>True when the firmware showed its messages on it.</summary>
    public bool IsBootVga { get; init; }

    /// <summary>What dom0 uses it for.</summary>
    public IReadOnlyList<PciUse> UsedBy { get; init => field = TextList.OfTexts(value); } = TextList.OfTexts<PciUse>([]);

    /// <summary>True when pciback lets the guest write all of its configuration space.</summary>
    public bool IsPermissive { get; init; }

    /// <summary>The name it was made assignable under (xl pci-assignable-add -n); null when it has none.</summary>
    public string? AssignableName { get; init; }

    /// <summary>The driver it gets back when it returns to dom0, as xl's record has it; null when there is no record.</summary>
    public string? OriginalDriver { get; init; }

    /// <summary>The domid of the domain that has it, or that the stale record names; null when none.</summary>
    public int? Domid { get; init; }

    /// <summary>The name of the domain that has it; null when none, or when it is gone.</summary>
    public string? Domain { get; init; }

    /// <summary>
    /// Who uses it, in a word: the domain that has it, or the names of what dom0 uses it for; null when nobody does.
    /// </summary>
    public string? User => Domain is not null ? $"domain {Domain}"
        : Domid is { } domid ? string.Create(CultureInfo.InvariantCulture, $"domid {domid}")
        : UsedBy.Count > 0 ? string.Join(", ", UsedBy.Select(use => use.Name))
        : null;

    /// <summary>The address and the name.</summary>
    public override string ToString() => $"{Address} {DeviceName}";
}

/// <summary>One base address register as sysfs' <c>resource</c> file shows it.</summary>
/// <param name="Index">0 to 5, or 6 for the expansion ROM.</param>
/// <param name="Start">First address: a physical address, or an I/O port.</param>
/// <param name="Length">Length in bytes (in ports for I/O).</param>
/// <param name="Flags">The kernel's resource flags (include/linux/ioport.h).</param>
public sealed record PciBar(int Index, ulong Start, ulong Length, ulong Flags)
{
    /// <summary>True for I/O ports (IORESOURCE_IO).</summary>
    public bool IsIo => (Flags & 0x100) != 0;

    /// <summary>True for memory that may be read ahead (IORESOURCE_PREFETCH).</summary>
    public bool IsPrefetchable => (Flags & 0x2000) != 0;

    /// <summary>True for a 64-bit register pair (IORESOURCE_MEM_64).</summary>
    public bool Is64Bit => (Flags & 0x100000) != 0;

    /// <summary>The index, the first address and the length, both in hexadecimal.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Index}: {Start:x} + {Length:x}{(IsIo ? " I/O" : string.Empty)}");
}

/// <summary>Who has a PCI function after the next boot, as dom0's boot configuration says.</summary>
public enum PciNextBootState
{
    /// <summary>The configuration was not found, cannot be read by this user, or is not clear.</summary>
    Unknown,

    /// <summary>dom0 and its drivers.</summary>
    Host,

    /// <summary>pciback.</summary>
    Assignable,
}
