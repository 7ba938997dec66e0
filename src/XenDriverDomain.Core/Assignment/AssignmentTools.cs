using XenDriverDomain.Access;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Assignment;

/// <summary>What the steps of a plan work with.</summary>
/// <param name="Dom0">The host.</param>
/// <param name="Inventory">Its PCI functions.</param>
/// <param name="Pciback">The kernel's side.</param>
/// <param name="Records">The toolstack's side, for this function.</param>
/// <param name="Quarantine">Xen's side.</param>
/// <param name="Reporter">Where the steps tell what they do.</param>
internal sealed record AssignmentTools(
    Dom0 Dom0, IPciInventory Inventory, Pciback Pciback, PciRecords Records, Quarantine Quarantine, IOperationReporter Reporter);
