namespace XenDriverDomain.Pci;

/// <summary>Something that dom0 uses a PCI function for.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The kernel's name: <c>eth0</c>, <c>sda</c>, <c>1-1</c>.</param>
/// <param name="Detail">For a person: addresses and routes, mounts, the name of the USB device; fit to be shown.</param>
/// <param name="IsVital">
/// True when dom0 loses its root disk, swap, a mounted file system, its default route, its last address or its console with it:
/// taking such a device away is refused unless forced.
/// </param>
public sealed record PciUse(PciUseKind Kind, string Name, string Detail, bool IsVital)
{
    /// <summary>The bridge that a network interface is in, itself or by a bond or VLAN above it; null when it is in none.</summary>
    public string? Bridge { get; init; }

    /// <summary>What a table shows: the name and, where there is one, the detail.</summary>
    public override string ToString() => Detail.Length == 0 ? Name : $"{Name} ({Detail})";
}

/// <summary>What dom0 uses a PCI function for.</summary>
public enum PciUseKind
{
    /// <summary>A network interface.</summary>
    Network,

    /// <summary>A block device.</summary>
    Block,

    /// <summary>A USB keyboard, mouse or other input device behind the controller.</summary>
    UsbInput,

    /// <summary>USB storage behind the controller.</summary>
    UsbStorage,

    /// <summary>Another USB device behind the controller.</summary>
    Usb,

    /// <summary>A display or serial console.</summary>
    Console,
}
