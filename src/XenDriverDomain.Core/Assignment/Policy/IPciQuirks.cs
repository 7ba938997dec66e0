using XenDriverDomain.Changes;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Assignment.Policy;

/// <summary>The fields of the configuration space that pciback lets guests write.</summary>
public interface IPciQuirks
{
    /// <summary>The fields that were added to devices that pciback has now, as they were written down by whoever added them.</summary>
    Task<IReadOnlyList<PciQuirk>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All fields of all devices that pciback has, as far as its own list shows them. Reading that list can crash dom0: it goes through
    /// entries that pciback keeps of devices which it does not have any more.
    /// </summary>
    Task<IReadOnlyList<PciQuirk>> ListFromKernelAsync(IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Looks whether a field can be added, and plans it; an empty plan when it is there.</summary>
    /// <exception cref="Errors.XenDriverDomainException">PciNotSeized, PciQuirkRegisterTaken; nothing was touched.</exception>
    Task<PlannedChange<IReadOnlyList<PciQuirk>>> PlanAddAsync(
        PciAddress address, PciConfigField field, IOperationReporter reporter, CancellationToken cancellationToken);
}
