namespace XenDriverDomain.Roots;

/// <summary>A driver of the kernel that the inside of a driver domain needs.</summary>
/// <param name="Name">Its name as modprobe takes it.</param>
/// <param name="File">Its file below <c>/lib/modules/RELEASE</c>, without what a compression adds.</param>
internal sealed record RootModule(string Name, string File)
{
    /// <summary>The network back end.</summary>
    public static RootModule NetBack { get; } = new("xen-netback", "kernel/drivers/net/xen-netback/xen-netback.ko");

    /// <summary>The disk back end.</summary>
    public static RootModule BlockBack { get; } = new("xen-blkback", "kernel/drivers/block/xen-blkback/xen-blkback.ko");

    /// <summary>What shows a PV domain its cards.</summary>
    public static RootModule PciFront { get; } = new("xen-pcifront", "kernel/drivers/pci/xen-pcifront.ko");

    /// <summary>Bridges.</summary>
    public static RootModule Bridge { get; } = new("bridge", "kernel/net/bridge/bridge.ko");

    /// <summary>All that are looked for.</summary>
    public static IReadOnlyList<RootModule> All { get; } = [NetBack, BlockBack, PciFront, Bridge];
}
