using System.Management.Automation;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenPciQuirk: the fields of the configuration space that pciback was told to let guests write.</summary>
[Cmdlet(VerbsCommon.Get, "XenPciQuirk", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PciQuirk))]
public sealed class GetXenPciQuirkCommand : Dom0Cmdlet
{
    /// <summary>Addresses, or patterns of the full address.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(AssignableAddressCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Address { get; set; }

    /// <summary>Reads pciback's own list, by which dom0 can crash.</summary>
    [Parameter]
    public SwitchParameter FromKernel { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        if (FromKernel && !MayRead(host))
        {
            return;
        }

        IReadOnlyList<PciQuirk> quirks = Wait((_, token) => FromKernel
            ? host.Quirks.ListFromKernelAsync(token)
            : host.Quirks.ListAsync(token));
        if (Address is null)
        {
            WriteObject(quirks, enumerateCollection: true);
            return;
        }

        IReadOnlyList<PciDevice> devices = Wait((_, token) => host.Pci.ListAsync(token));
        foreach (string address in Address)
        {
            TryFor(address, () =>
            {
                HashSet<PciAddress> wanted = [.. AddressPattern.Select(devices, address, host.Dom0.Id).Select(d => d.Address)];
                WriteObject(quirks.Where(q => wanted.Contains(q.Address)), enumerateCollection: true);
            });
        }
    });

    private bool MayRead(HostSession host)
    {
        string what = $"Read pciback's own list of fields (its attribute quirks) on {host.Dom0.Id}";
        return ShouldProcess(
            what,
            what + ". This can crash dom0, and with it all guests: pciback keeps entries of devices that it has given back, above "
            + "all where two cards are of the same model, and the kernel follows them into what belongs to another driver. Nothing tells "
            + "beforehand whether there is such an entry. Continue?",
            "Read what can crash dom0");
    }
}
