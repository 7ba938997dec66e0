using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Assignment.AtBoot;

/// <summary>Functions that pciback takes when dom0 boots, by its parameter <c>hide=</c>. Nothing changes before the next boot.</summary>
public interface IAtBootAssignments
{
    /// <summary>What dom0's boot configuration tells pciback to hide.</summary>
    /// <exception cref="Errors.XenDriverDomainException">BootLoaderNotFound, BootConfigNotEditable, HostFileFailed.</exception>
    Task<IReadOnlyList<BootAssignment>> ListAsync(AtBootOptions options, CancellationToken cancellationToken);

    /// <summary>Looks and checks whether functions can be hidden from the next boot on, and plans it; all of them or none.</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    Task<PlannedChange<IReadOnlyList<PciDevice>>> PlanAddAsync(
        IReadOnlyList<PciAddress> addresses, AtBootOptions options, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Plans that functions stay with dom0 from the next boot on; an empty plan when they are not hidden.</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    Task<PlannedChange<IReadOnlyList<PciDevice>>> PlanRemoveAsync(
        IReadOnlyList<PciAddress> addresses, AtBootOptions options, IOperationReporter reporter, CancellationToken cancellationToken);
}
