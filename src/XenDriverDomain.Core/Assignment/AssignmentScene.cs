using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Checks;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Assignment;

/// <summary>Everything that was looked at before one function is moved; the plan follows from it alone.</summary>
/// <param name="Device">The function.</param>
/// <param name="All">All functions of the host, where the plan needs them; else the function alone.</param>
/// <param name="Host">The host.</param>
/// <param name="Xl">Its toolstack.</param>
/// <param name="Binding">How the function stands with the kernel's drivers.</param>
/// <param name="Drivers">The names of the PCI drivers that are loaded.</param>
/// <param name="Record">What the toolstack has written down about it.</param>
internal sealed record AssignmentScene(
    PciDevice Device,
    IReadOnlyList<PciDevice> All,
    HostSituation Host,
    XlInstallation Xl,
    DriverBinding Binding,
    IReadOnlySet<string> Drivers,
    PciRecord Record)
{
    /// <summary>Where that is written down.</summary>
    public PciRecords Records => new(Xl.PciRecordsPath, Address);

    /// <summary>The rules of the host's policy that are about it.</summary>
    public IReadOnlyList<PciPolicyRule> Policy { get; init; } = [];

    /// <summary>What pciback lets its guest write.</summary>
    public PcibackGrants Grants { get; init; } = PcibackGrants.None;

    /// <summary>The function's address.</summary>
    public PciAddress Address => Device.Address;
}
