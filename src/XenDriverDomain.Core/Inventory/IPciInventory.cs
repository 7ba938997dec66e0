using XenDriverDomain.Pci;

namespace XenDriverDomain.Inventory;

/// <summary>The PCI functions of a host.</summary>
public interface IPciInventory
{
    /// <summary>All functions, by address.</summary>
    Task<IReadOnlyList<PciDevice>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All functions, by address, as their drivers and the toolstack have them, with their names. What the whole host must be
    /// looked at for is left out, which saves most of the time: modules, resources, and what dom0 uses them for.
    /// </summary>
    Task<IReadOnlyList<PciDevice>> ListBrieflyAsync(CancellationToken cancellationToken);

    /// <summary>One function, or null when no such address exists.</summary>
    Task<PciDevice?> TryGetAsync(PciAddress address, CancellationToken cancellationToken);

    /// <summary>
    /// One function as its drivers and the toolstack have it, or null when no such address exists. Names and siblings are left
    /// out, too, beside what <see cref="ListBrieflyAsync"/> leaves out.
    /// </summary>
    Task<PciDevice?> TryGetAloneAsync(PciAddress address, CancellationToken cancellationToken);

    /// <summary>One function.</summary>
    /// <exception cref="Errors.XenDriverDomainException">PciDeviceNotFound.</exception>
    Task<PciDevice> GetAsync(PciAddress address, CancellationToken cancellationToken);
}
