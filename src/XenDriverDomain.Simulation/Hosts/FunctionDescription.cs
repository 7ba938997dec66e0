using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Hosts;

/// <summary>A PCI function as it is built in.</summary>
/// <param name="Address">Its address.</param>
internal sealed record FunctionDescription(PciAddress Address)
{
    /// <summary>The directory of the root bus that it is on, in sysfs; null for <c>/sys/devices/pciDDDD:BB</c>.</summary>
    public string? Root { get; init; }

    /// <summary>The bridge it is behind; null on a root bus.</summary>
    public PciAddress? Parent { get; init; }

    /// <summary>The vendor.</summary>
    public ushort VendorId { get; init; }

    /// <summary>The vendor's number of the chip.</summary>
    public ushort DeviceId { get; init; }

    /// <summary>The maker of the card.</summary>
    public ushort SubsystemVendorId { get; init; }

    /// <summary>The maker's number of the card.</summary>
    public ushort SubsystemDeviceId { get; init; }

    /// <summary>Base class, subclass and interface: 0x020000.</summary>
    public int ClassCode { get; init; }

    /// <summary>The revision.</summary>
    public byte Revision { get; init; }

    /// <summary>The interrupt line as the kernel numbers it; 0 for none.</summary>
    public int Irq { get; init; }

    /// <summary>The node of memory it is near to; -1 when nobody knows.</summary>
    public int NumaNode { get; init; } = -1;

    /// <summary>The registers.</summary>
    public IReadOnlyList<PciBar> Bars { get; init; } = [];

    /// <summary>
    /// How the kernel can reset it, the preferred way first; empty for not at all, and <see cref="PciDevice.UnnamedReset"/> for a kernel
    /// that does not tell.
    /// </summary>
    public IReadOnlyList<string> ResetMethods { get; init; } = [];

    /// <summary>True for PCI Express.</summary>
    public bool IsPciExpress { get; init; } = true;

    /// <summary>
    /// True when memory that the firmware has reserved for it (RMRR) is another device's, too: Xen gives it to no domain that does not say
    /// rdm_policy=relaxed.
    /// </summary>
    public bool SharesReservedMemory { get; init; }

    /// <summary>True for the graphics card that the firmware uses.</summary>
    public bool IsBootVga { get; init; }

    /// <summary>The driver that has it after boot; null for none.</summary>
    public string? Driver { get; init; }

    /// <summary>Who has it after boot, when that is not <see cref="Driver"/>; null when it is.</summary>
    public FunctionState? AtStart { get; init; }

    /// <summary>What that driver makes of it, below its directory.</summary>
    public IReadOnlyList<ChildDevice> Children { get; init; } = [];

    /// <summary>The virtual functions that it can have (SR-IOV); null for none.</summary>
    public VirtualFunctionsDescription? VirtualFunctions { get; init; }

    /// <summary>For a virtual function the one it belongs to.</summary>
    public PciAddress? PhysicalFunction { get; init; }

    /// <summary>True for a bridge to another PCI bus.</summary>
    public bool IsBridge => ClassCode >> 8 == 0x0604;

    /// <summary>What depmod's patterns are matched with: the modalias attribute.</summary>
    public string ModuleAlias =>
        $"pci:v{VendorId:X8}d{DeviceId:X8}sv{SubsystemVendorId:X8}sd{SubsystemDeviceId:X8}"
        + $"bc{ClassCode >> 16:X2}sc{(ClassCode >> 8) & 0xff:X2}i{ClassCode & 0xff:X2}";
}

/// <summary>Who has a function when the machine starts, where that is not the driver that is made for it.</summary>
/// <param name="Driver">The driver that has it; null for none.</param>
/// <param name="Override">The only driver that may take it (driver_override); null for any.</param>
/// <param name="Domid">The domain that Xen has given it to; null for none.</param>
/// <param name="IsQuarantined">True in Xen's quarantine.</param>
/// <param name="UsesMessages">
/// True when message-signalled interrupts are set up for who has it. A PV guest has pciback do that (conf_space_capability.c,
/// pciback_ops.c), so that they are in dom0's sysfs.
/// </param>
internal sealed record FunctionState(string? Driver, string? Override, int? Domid, bool IsQuarantined, bool UsesMessages);

/// <summary>The virtual functions of a physical one, as its SR-IOV capability tells them.</summary>
/// <param name="Total">The most there can be.</param>
/// <param name="AtBoot">How many there are after boot.</param>
/// <param name="Offset">The first one's distance in routing ids.</param>
/// <param name="Stride">The distance between two.</param>
/// <param name="DeviceId">Their device id.</param>
/// <param name="Driver">The driver that takes them.</param>
/// <param name="InterfacePattern">The name of the network interface, with <c>{0}</c> for the number; null when they are no network
/// cards.</param>
internal sealed record VirtualFunctionsDescription(
    int Total, int AtBoot, int Offset, int Stride, ushort DeviceId, string Driver, string? InterfacePattern)
{
    /// <summary>Those that are known better than by this pattern.</summary>
    public IReadOnlyList<FunctionDescription> Known { get; init; } = [];
}
