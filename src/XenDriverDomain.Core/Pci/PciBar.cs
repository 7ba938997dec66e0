namespace XenDriverDomain.Pci;

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
}
