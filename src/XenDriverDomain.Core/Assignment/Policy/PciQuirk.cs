using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>A field of a device's configuration space that pciback handles or lets the guest write.</summary>
public sealed record PciQuirk
{
    // Behind the standard header are the capabilities and what is the device's own.
    private const int EndOfHeader = 0x40;

    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The device.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Offset in the configuration space.</summary>
    public required int Register { get; init; }

    /// <summary>Size in bytes: 1, 2 or 4.</summary>
    public required int Size { get; init; }

    /// <summary>The bits that are kept from the guest.</summary>
    public required uint Mask { get; init; }

    /// <summary>
    /// Where that is known from. A field of Command or Policy was stored, and pciback reported no error; it lasts until the device is
    /// unbound from pciback, or a guest that has it lets it go.
    /// </summary>
    public required PciQuirkSource Source { get; init; }

    /// <summary>
    /// True for the standard header (below 0x40), which pciback's own list has for every device. The fields behind it belong there to
    /// capabilities that pciback knows, or were added; that list does not say which.
    /// </summary>
    public bool IsHeader => Register < EndOfHeader;

    /// <summary>As the attribute has it.</summary>
    public override string ToString() => $"{Address}-{new PciConfigField(Register, Size, Mask)}";
}

/// <summary>Where it is known from that pciback lets a guest write a field.</summary>
public enum PciQuirkSource
{
    /// <summary>Add-XenPciQuirk stored it, and wrote that down.</summary>
    Command,

    /// <summary>
    /// The host's policy said so; a cmdlet, or what applies the policy at boot and by udev, stored it and wrote that down.
    /// </summary>
    Policy,

    /// <summary>pciback's own list, which was read at the risk of a crash.</summary>
    Kernel,
}
