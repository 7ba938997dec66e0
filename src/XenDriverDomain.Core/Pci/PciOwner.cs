namespace XenDriverDomain.Pci;

/// <summary>The domain that has a function.</summary>
/// <param name="Domid">Its domid.</param>
/// <param name="IsFromBackend">True when only a PCI back end in dom0 names it, and no record of the toolstack's.</param>
/// <param name="IsAlive">True when it runs.</param>
/// <param name="Name">Its name, fit to be shown, when it runs and has one.</param>
internal sealed record PciOwner(int Domid, bool IsFromBackend, bool IsAlive, string? Name);
