namespace XenDriverDomain.Pci;

/// <summary>
/// Which functions hang together. A dom0 has no /sys/kernel/iommu_groups, as Xen owns the IOMMU; this is what the tree of buses
/// tells instead.
/// </summary>
internal static class PciTopology
{
    private const ulong PageSize = 4096;

    /// <summary>
    /// The bridge by which a function's memory accesses carry a common requester id: the topmost one that leads to a conventional
    /// PCI bus (PCIe-to-PCI bridge specification 1.0, section 2.3). Null when the function has an id of its own.
    /// </summary>
    public static PciAddress? ConventionalBridge(PciDevice device, IEnumerable<PciDevice> all)
    {
        Dictionary<PciAddress, PciDevice> known = all.ToDictionary(one => one.Address);
        PciAddress[] way = [.. device.BridgePath, device.Address];
        for (int i = 0; i + 1 < way.Length; i++)
        {
            bool? isExpress = known.TryGetValue(way[i + 1], out PciDevice? next) ? next.IsPciExpress : null;
            if (isExpress == false || (isExpress is null && IsSharedBus(way[i], known.Values)))
            {
                return way[i];
            }
        }

        return null;
    }

    /// <summary>
    /// The other functions that the IOMMU cannot tell from this one, as they are behind the same conventional PCI bus; they belong to
    /// one domain. Bridges are left out.
    /// </summary>
    public static IReadOnlyList<PciDevice> Inseparable(PciDevice device, IReadOnlyList<PciDevice> all) =>
        ConventionalBridge(device, all) is { } bridge
            ? [.. all.Where(other => other.BridgePath.Contains(bridge) && other.Address != device.Address && !other.IsBridge)]
            : [];

    /// <summary>
    /// The other functions with a memory register in a page that one of this function's registers is in: a guest is given whole
    /// pages, so it would reach theirs too.
    /// </summary>
    public static IReadOnlyList<PciDevice> SharingPages(PciDevice device, IEnumerable<PciDevice> all) =>
    [
        .. all.Where(other => other.Address != device.Address && !other.IsBridge
            && device.Bars.Any(mine => other.Bars.Any(theirs => SharePage(mine, theirs)))),
    ];

    /// <summary>
    /// The other functions whose interrupts come on the line that this one's come on. Only lines in use count: a function without a
    /// driver raises none, one whose driver set up message-signalled interrupts has none to raise, and the numbers of others say nothing.
    /// </summary>
    public static IReadOnlyList<PciDevice> SharingInterrupt(PciDevice device, IEnumerable<PciDevice> all) => UsesLine(device)
        ? [.. all.Where(other => other.Address != device.Address && !other.IsBridge && other.Irq == device.Irq && UsesLine(other))]
        : [];

    /// <summary>
    /// pciback's functions raise interrupts only while a domain has them. dom0's kernel does not see the message-signalled interrupts that
    /// QEMU sets up for an HVM guest, but QEMU has bound the line to that guest before (hw/xen/xen_pt.c, xen_pt_realize).
    /// </summary>
    private static bool UsesLine(PciDevice device) => device is { Irq: not null, UsesMsi: false, Driver: not null }
        && (device.Driver != PcibackPaths.DriverName || device.State == PciDeviceState.Assigned);

    /// <summary>
    /// A PCI Express link has device 0 only: another one on a bus, when it is no bridge itself, shows a conventional bus.
    /// </summary>
    private static bool IsSharedBus(PciAddress bridge, IEnumerable<PciDevice> all) =>
        all.Any(other => other.BridgePath.Count > 0 && other.BridgePath[^1] == bridge && other.Address.Device > 0
            && !other.IsBridge && other.PhysicalFunction is null);

    private static bool SharePage(PciBar mine, PciBar theirs) =>
        !mine.IsIo && !theirs.IsIo && mine is { Index: < 6, Start: > 0 } && theirs is { Index: < 6, Start: > 0 }
        && mine.Start / PageSize <= (theirs.Start + theirs.Length - 1) / PageSize
        && theirs.Start / PageSize <= (mine.Start + mine.Length - 1) / PageSize;
}
