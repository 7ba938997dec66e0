namespace XenDriverDomain.Pci;

/// <summary>
/// Which functions hang together. A dom0 has no /sys/kernel/iommu_groups, as Xen owns the IOMMU; this is what the tree of buses
/// tells instead.
/// </summary>
public static class PciTopology
{
    private const ulong PageSize = 4096;

    /// <summary>All functions below a bridge, at any depth, bridges included.</summary>
    public static IReadOnlyList<PciDevice> Below(PciAddress bridge, IEnumerable<PciDevice> all) =>
        [.. all.Where(device => device.BridgePath.Contains(bridge))];

    /// <summary>
    /// The bridge by which a function's memory accesses carry a common requester id: the topmost one that leads to a conventional
    /// PCI bus. Null when the function has an id of its own.
    /// </summary>
    public static PciAddress? ConventionalBridge(PciDevice device, IEnumerable<PciDevice> all)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(all);
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
            ? [.. Below(bridge, all).Where(other => other.Address != device.Address && !other.IsBridge)]
            : [];

    /// <summary>
    /// The other functions with a memory register in a page that one of this function's registers is in: a guest is given whole
    /// pages, so it would reach theirs too.
    /// </summary>
    public static IReadOnlyList<PciDevice> SharingPages(PciDevice device, IEnumerable<PciDevice> all)
    {
        ArgumentNullException.ThrowIfNull(device);
        return
        [
            .. all.Where(other => other.Address != device.Address && !other.IsBridge
                && device.Bars.Any(mine => other.Bars.Any(theirs => SharePage(mine, theirs)))),
        ];
    }

    /// <summary>The other functions on the same interrupt line, which message-signalled interrupts may never use.</summary>
    public static IReadOnlyList<PciDevice> SharingInterrupt(PciDevice device, IEnumerable<PciDevice> all)
    {
        ArgumentNullException.ThrowIfNull(device);
        return [.. all.Where(other => other.Address != device.Address && !other.IsBridge && device.Irq is { } irq && other.Irq == irq)];
    }

    /// <summary>A PCI Express link has device 0 only: another one on a bus, when it is no bridge itself, shows a conventional bus.</summary>
    private static bool IsSharedBus(PciAddress bridge, IEnumerable<PciDevice> all) =>
        all.Any(other => other.BridgePath.Count > 0 && other.BridgePath[^1] == bridge && other.Address.Device > 0
            && !other.IsBridge && other.PhysicalFunction is null);

    private static bool SharePage(PciBar mine, PciBar theirs) =>
        !mine.IsIo && !theirs.IsIo && mine is { Index: < 6, Start: > 0 } && theirs is { Index: < 6, Start: > 0 }
        && mine.Start / PageSize <= (theirs.Start + theirs.Length - 1) / PageSize
        && theirs.Start / PageSize <= (mine.Start + mine.Length - 1) / PageSize;
}
