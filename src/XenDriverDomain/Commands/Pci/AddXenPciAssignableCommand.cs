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

/// <summary>Add-XenPciAssignable: takes a function from dom0's driver and makes it ready for a domain, now or at the next boot.</summary>
[Cmdlet(
    VerbsCommon.Add, "XenPciAssignable", DefaultParameterSetName = NowSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PciDevice))]
public sealed class AddXenPciAssignableCommand : AssignableChangeCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(PciAddressCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Address { get; set; } = [];

    /// <summary>A name that xl and we know it by from then on: at most 64 printable characters.</summary>
    [Parameter(ParameterSetName = NowSet)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Loads the pciback driver when it is missing.</summary>
    [Parameter(ParameterSetName = NowSet)]
    public SwitchParameter LoadDriver { get; set; }

    /// <summary>Lets guests write all of the function's configuration space, until it is unbound from pciback.</summary>
    [Parameter(ParameterSetName = NowSet)]
    public SwitchParameter Permissive { get; set; }

    /// <summary>Lifts the refusals that protect dom0; a warning names what it overrode.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool IsForced => Force;

    private protected override Task<PlannedChange<PciDevice>> PlanNowAsync(
        HostSession host, PciAddress address, IReadOnlyList<PciAddress> together, CancellationToken cancellationToken) =>
        host.Assignments.PlanAddAsync(
            address,
            new AddAssignableOptions
            {
                Force = Force,
                LoadDriver = LoadDriver,
                Name = Name,
                Permissive = Permissive,
                Together = together,
            },
            cancellationToken);

    private protected override Task<PlannedChange<IReadOnlyList<PciDevice>>> PlanAtBootAsync(
        HostSession host, IReadOnlyList<PciAddress> addresses, AtBootOptions options, CancellationToken cancellationToken) =>
        host.AtBoot.PlanAddAsync(addresses, options, cancellationToken);
}
