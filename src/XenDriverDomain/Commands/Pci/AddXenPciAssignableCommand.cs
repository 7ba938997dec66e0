using System.Management.Automation;
using XenDriverDomain.Assignment;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosting;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>Add-XenPciAssignable: takes a function from dom0's driver and makes it ready for a domain.</summary>
[Cmdlet(VerbsCommon.Add, "XenPciAssignable", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PciDevice))]
public sealed class AddXenPciAssignableCommand : ChangeCmdlet
{
    /// <summary>Addresses ([DDDD:]BB:DD.F).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(PciAddressCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    /// <summary>A name that xl and we know it by from then on: at most 64 printable characters.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Loads the pciback driver when it is missing.</summary>
    [Parameter]
    public SwitchParameter LoadDriver { get; set; }

    /// <summary>Lifts the refusals that protect dom0; a warning names what it overrode.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

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
                AddAssignableOptions options = new() { Force = Force, LoadDriver = LoadDriver, Name = Name };
                if (Change(host, (reporter, token) => host.Assignments.PlanAddAsync(exact, options, reporter, token), PassThru, out PciDevice? device)
                    && PassThru)
                {
                    WriteObject(device);
                }
            });
        }
    });
}
