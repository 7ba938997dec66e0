using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosting;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenPciAssignable: the functions that pciback holds or lists, whether or not a domain has them now.</summary>
[Cmdlet(VerbsCommon.Get, "XenPciAssignable")]
[OutputType(typeof(PciDevice))]
public sealed class GetXenPciAssignableCommand : PciGetterCmdlet
{
    /// <summary>Addresses, or patterns of the full address.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(AssignableAddressCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Address { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteDevices(Address, device => device.State
        is PciDeviceState.Assignable or PciDeviceState.Assigned or PciDeviceState.Listed or PciDeviceState.Stale);
}
