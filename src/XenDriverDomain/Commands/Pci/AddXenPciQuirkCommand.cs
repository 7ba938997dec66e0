using System.Management.Automation;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>Add-XenPciQuirk: lets guests write a field of a device's configuration space, as long as pciback has the device.</summary>
[Cmdlet(VerbsCommon.Add, "XenPciQuirk", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PciQuirk))]
public sealed class AddXenPciQuirkCommand : ChangeCmdlet
{
    /// <summary>Addresses ([DDDD:]BB:DD.F).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(AssignableAddressCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    /// <summary>The field's offset in the configuration space, 0 to 0xfff.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [RegisterNumber]
    public int Register { get; set; }

    /// <summary>The field's size in bytes: 1, 2 or 4.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int Size { get; set; } = 4;

    /// <summary>The bits that are kept from the guest.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [RegisterNumber(IsMask = true)]
    public uint Mask { get; set; }

    /// <summary>Returns the fields.</summary>
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
                PciConfigField field = PciConfigField.Create(Register, Size, Mask);
                if (Change(host, token => host.Quirks.PlanAddAsync(exact, field, token), PassThru, out IReadOnlyList<PciQuirk>? quirks)
                    && PassThru)
                {
                    WriteObject(quirks, enumerateCollection: true);
                }
            });
        }
    });
}
