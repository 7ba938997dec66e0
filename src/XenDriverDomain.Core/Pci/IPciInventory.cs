namespace XenDriverDomain.Pci;

/// <summary>The PCI functions of a host.</summary>
public interface IPciInventory
{
    /// <summary>All functions, by address.</summary>
    Task<IReadOnlyList<PciDevice>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One function, or null when no such address exists.</summary>
    Task<PciDevice?> TryGetAsync(PciAddress address, CancellationToken cancellationToken);

    /// <summary>One function.</summary>
    /// <exception cref="Errors.XenDriverDomainException">PciDeviceNotFound.</exception>
    Task<PciDevice> GetAsync(PciAddress address, CancellationToken cancellationToken);
}
