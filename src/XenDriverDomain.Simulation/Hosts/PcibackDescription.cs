using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>What pciback has been told since it was loaded.</summary>
/// <param name="Slots">The functions it may take, in place of those that its parameter hide= names.</param>
/// <param name="Permissive">Those it has whose guest may write all of the configuration space.</param>
/// <param name="AllowInterruptControl">Those it has whose guest may control the interrupt line.</param>
internal sealed record PcibackDescription(
    IReadOnlyList<PciAddress> Slots, IReadOnlyList<PciAddress> Permissive, IReadOnlyList<PciAddress> AllowInterruptControl)
{
    /// <summary>The fields that guests may write of those it has, <c>BB:DD.F-REG:SIZE:MASK</c> each.</summary>
    public IReadOnlyList<string> Quirks { get; init; } = [];

    /// <summary>The inode numbers of the links of those it has, where something that was written down goes by them.</summary>
    public IReadOnlyDictionary<PciAddress, long> Inodes { get; init; } = new Dictionary<PciAddress, long>();
}
