using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Commands;

/// <summary>Get-XenPciDevice: every PCI function of the host, what it is, who has it and what dom0 uses it for.</summary>
[Cmdlet(VerbsCommon.Get, "XenPciDevice")]
[OutputType(typeof(PciDevice))]
public sealed class GetXenPciDeviceCommand : PciGetterCmdlet
{
    /// <summary>Addresses ([DDDD:]BB:DD.F), or patterns of the full address such as 0000:03:*.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [PropertyOf("Address", "PciDevice")]
    [ArgumentCompleter(typeof(PciAddressCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Address { get; set; }

    /// <summary>Classes: a group such as Network, Storage, Usb, Display, or a pattern of the class name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PciClassCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Class { get; set; }

    /// <summary>dom0's disks, partitions or volumes: the functions that they are behind.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DiskCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Disk { get; set; }

    /// <summary>dom0's network interfaces: the functions that they are of, or that a bridge, bond or VLAN has below it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Interface { get; set; }

    /// <summary>States: who has the function.</summary>
    [Parameter]
    public PciDeviceState[]? State { get; set; }

    /// <summary>Vendors: a pattern of the name, or the four hexadecimal digits of the id.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PciVendorCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Vendor { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Interface is null && Disk is null)
        {
            WriteDevices(Address, IsWanted);
        }
        else
        {
            WriteDevices(Address, Interface, Disk, IsWanted);
        }
    }

    private bool IsWanted(PciDevice device) =>
        (State is null || State.Contains(device.State))
        && (Class is null || Class.Any(c => PciClassFilter.Parse(c).Matches(device)))
        && (Vendor is null || Vendor.Any(v => IsOf(device, v)));

    private static bool IsOf(PciDevice device, string vendor) =>
        NamePattern.Matches(vendor, device.VendorName)
        || string.Equals(vendor, device.VendorId.ToString("x4", CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase);
}
