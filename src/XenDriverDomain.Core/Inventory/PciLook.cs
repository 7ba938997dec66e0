using XenDriverDomain.Pci;
using XenDriverDomain.Pci.Uses;

namespace XenDriverDomain.Inventory;

/// <summary>The functions of a host, and what dom0 calls what it has of them, by one look.</summary>
/// <param name="Devices">All functions, by address.</param>
/// <param name="Names">dom0's network interfaces and disks.</param>
public sealed record PciLook(IReadOnlyList<PciDevice> Devices, KernelNames Names);
