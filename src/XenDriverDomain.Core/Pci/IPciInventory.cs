namespace XenDriverDomain.Pci;

/// <summary>The PCI functions of a host.</summary>
public interface IPciInventory
{
    /// <summary>All functions, by address.</summary>
    Task<IReadOnlyList<PciDevice>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One function, or null when no such address exists.</summary>
    Task<PciDevice?> TryGetAsync(PciAddress address, CancellationToken cancellationToken);

    /// <summary>
    /// One function as its drivers and the toolstack have it, or null when no such address exists. What the whole host must be
    /// looked at for is left out, which saves most of the time: names, modules, siblings, and what dom0 uses it for.
    /// </summary>
    Task<PciDevice?> TryGetAloneAsync(PciAddress address, CancellationToken cancellationToken);

    /// <summary>One function.</summary>
    /// <exception cref="Errors.XenDriverDomainException">PciDeviceNotFound.</exception>
    Task<PciDevice> GetAsync(PciAddress address, CancellationToken cancellationToken);
}
