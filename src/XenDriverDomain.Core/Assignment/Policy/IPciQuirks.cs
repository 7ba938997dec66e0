using XenDriverDomain.Changes;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>The fields of the configuration space that pciback lets guests write.</summary>
public interface IPciQuirks
{
    /// <summary>All fields of all devices that pciback has, as far as its list shows them.</summary>
    Task<IReadOnlyList<PciQuirk>> ListAsync(IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Looks whether a field can be added, and plans it; an empty plan when it is there.</summary>
    /// <exception cref="Errors.XenDriverDomainException">PciNotSeized, PciQuirkRegisterTaken; nothing was touched.</exception>
    Task<PlannedChange<IReadOnlyList<PciQuirk>>> PlanAddAsync(
        PciAddress address, PciConfigField field, IOperationReporter reporter, CancellationToken cancellationToken);
}
