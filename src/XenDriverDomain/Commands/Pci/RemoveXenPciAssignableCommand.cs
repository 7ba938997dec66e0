using System.Management.Automation;
using XenDriverDomain.Assignment;
using XenDriverDomain.Binding;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Changes;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>Remove-XenPciAssignable: gives a function back to dom0 and the driver it had, now or at the next boot.</summary>
[Cmdlet(
    VerbsCommon.Remove, "XenPciAssignable", DefaultParameterSetName = NowSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PciDevice))]
public sealed class RemoveXenPciAssignableCommand : AssignableChangeCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(AssignableAddressCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Address { get; set; } = [];

    /// <summary>What Get-XenPciAssignable -AtBoot showed: it is left to dom0 at boot.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    public string? Element { get; set; }

    /// <summary>Leaves the function without a driver; xl's record of the original one is kept.</summary>
    [Parameter(ParameterSetName = NowSet)]
    public SwitchParameter NoRebind { get; set; }

    /// <summary>Takes out whole elements with wildcards, and drops what pciback cannot read; a warning names each.</summary>
    [Parameter(ParameterSetName = AtBootSet)]
    public SwitchParameter Force { get; set; }

    private protected override bool IsForced => Force;

    private protected override bool IsAtBoot => AtBoot || Element is not null;

    private protected override Task<PlannedChange<PciDevice>> PlanNowAsync(
        HostSession host, PciAddress address, IReadOnlyList<PciAddress> together, CancellationToken cancellationToken) =>
        host.Assignments.PlanRemoveAsync(address, new RemoveAssignableOptions { NoRebind = NoRebind }, cancellationToken);

    private protected override Task<PlannedChange<IReadOnlyList<PciDevice>>> PlanAtBootAsync(
        HostSession host, IReadOnlyList<PciAddress> addresses, AtBootOptions options, CancellationToken cancellationToken) =>
        host.AtBoot.PlanRemoveAsync(addresses, options, cancellationToken);
}
