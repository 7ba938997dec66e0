namespace XenDriverDomain.Pci.Uses;

/// <summary>What dom0 calls a network interface or a block device, with the PCI functions that it needs.</summary>
/// <param name="Names">
/// All of its names as read, the kernel's first: <c>enp3s0</c>; <c>dm-0</c>, <c>vg0-root</c>, <c>/dev/mapper/vg0-root</c>.
/// </param>
/// <param name="What">What it is, for a person: "a bridge with the ports vif1.0, vif2.0"; fit to be shown.</param>
/// <param name="Functions">The functions below it, by address; none below what has no card.</param>
/// <param name="IsHardware">True for what a driver made of a card: no partition, volume, bridge or VLAN.</param>
public sealed record KernelName(IReadOnlyList<string> Names, string What, IReadOnlyList<PciAddress> Functions, bool IsHardware)
{
    /// <summary>The kernel's name.</summary>
    public string Name => Names[0];
}
