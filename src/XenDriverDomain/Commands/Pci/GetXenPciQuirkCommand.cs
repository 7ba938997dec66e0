using System.Management.Automation;
using XenDriverDomain.Assignment.Policy;
using XenDriverDomain.Binding;
using XenDriverDomain.Completion;
using XenDriverDomain.Hosting;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenPciQuirk: the fields of the configuration space that pciback handles or lets guests write.</summary>
[Cmdlet(VerbsCommon.Get, "XenPciQuirk")]
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

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachHost(host =>
    {
        IReadOnlyList<PciQuirk> quirks = Wait((reporter, token) => host.Quirks.ListAsync(reporter, token));
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
                HashSet<PciAddress> wanted = [.. AddressPattern.Select(devices, address).Select(d => d.Address)];
                WriteObject(quirks.Where(q => wanted.Contains(q.Address)), enumerateCollection: true);
            });
        }
    });
}
