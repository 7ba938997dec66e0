using XenDriverDomain.Changes;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Assignment;

/// <summary>Late binding of PCI functions to pciback and back, compatible with xl's own records in both directions.</summary>
public interface IPciAssignments
{
    /// <summary>
    /// Looks and checks whether a function can be taken from dom0, and plans it. A function that pciback has already gets the one
    /// step that makes sure of Xen's quarantine, which nobody can see.
    /// </summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    Task<PlannedChange<PciDevice>> PlanAddAsync(
        PciAddress address, AddAssignableOptions options, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Looks and checks whether a function can go back to dom0, and plans it; an empty plan when it is back already.</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    Task<PlannedChange<PciDevice>> PlanRemoveAsync(
        PciAddress address, RemoveAssignableOptions options, IOperationReporter reporter, CancellationToken cancellationToken);
}
