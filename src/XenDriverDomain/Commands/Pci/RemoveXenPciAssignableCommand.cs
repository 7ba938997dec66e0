using System.Management.Automation;
using XenDriverDomain.Assignment;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosting;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>Remove-XenPciAssignable: gives a function back to dom0 and the driver it had.</summary>
[Cmdlet(VerbsCommon.Remove, "XenPciAssignable", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PciDevice))]
public sealed class RemoveXenPciAssignableCommand : ChangeCmdlet
{
    /// <summary>Addresses ([DDDD:]BB:DD.F).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(AssignableAddressCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    /// <summary>Leaves the function without a driver; xl's record of the original one is kept.</summary>
    [Parameter]
    public SwitchParameter NoRebind { get; set; }

    /// <summary>Returns the functions as they are afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        foreach (string address in Address)
        {
            TryFor(address, () =>
            {
                PciAddress exact = PciAddress.Parse(address);
                RemoveAssignableOptions options = new() { NoRebind = NoRebind };
                if (Change(host, (reporter, token) => host.Assignments.PlanRemoveAsync(exact, options, reporter, token), PassThru, out PciDevice? device)
                    && PassThru)
                {
                    WriteObject(device);
                }
            });
        }
    });
}
