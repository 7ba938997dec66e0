using System.Globalization;
using System.Management.Automation;
using XenDriverDomain.Binding;
using XenDriverDomain.Cmdlets;
using XenDriverDomain.Completion;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.Session;
using XenDriverDomain.Terminal;

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
        // Most ask for no more than the list, and what they do not ask for would have to be compiled first.
        if (Class is null && Interface is null && Disk is null && State is null && Vendor is null)
        {
            WriteDevices(Address);
        }
        else
        {
            WriteSome();
        }
    }

    private void WriteSome()
    {
        PciClassFilter[]? classes = Class?.Select(PciClassFilter.Parse).ToArray();
        if (Interface is null && Disk is null)
        {
            WriteDevices(Address, IsWanted, Check);
        }
        else
        {
            WriteDevices(Address, Interface, Disk, IsWanted, Check);
        }

        bool IsWanted(PciDevice device) =>
            (State is null || State.Contains(device.State))
            && (classes is null || Array.Exists(classes, one => one.Matches(device)))
            && (Vendor is null || Vendor.Any(v => IsOf(device, v)));

        void Check(IReadOnlyList<PciDevice> devices) => CheckNames(devices, classes ?? []);
    }

    // A name that nothing has is a slip; a pattern, a group and a number ask for what may be.
    private void CheckNames(IReadOnlyList<PciDevice> devices, PciClassFilter[] classes)
    {
        foreach (PciClassFilter one in classes)
        {
            if (one.IsName && !devices.Any(one.Matches))
            {
                TryFor(one.ToString(), () => throw new XenDriverDomainException(
                    ModuleErrorIds.PciClassUnknown,
                    ErrorKind.NotFound,
                    $"No device on {CurrentHost?.Dom0.Id} is of a class called '{Terminal.Text.Show(one.ToString())}'.",
                    NearNames.Of(one.ToString(), Enum.GetNames<PciClass>().Concat(devices.Select(d => d.ClassName)))
                    + " With wildcards it would be a pattern.",
                    one.ToString()));
            }
        }

        foreach (string vendor in Vendor ?? [])
        {
            if (!NamePattern.HasWildcard(vendor) && !IsId(vendor) && !devices.Any(device => IsOf(device, vendor)))
            {
                TryFor(vendor, () => throw new XenDriverDomainException(
                    ModuleErrorIds.PciVendorUnknown,
                    ErrorKind.NotFound,
                    $"No device on {CurrentHost?.Dom0.Id} is of a vendor called '{Terminal.Text.Show(vendor)}'.",
                    $"{NearNames.Of(vendor, devices.Select(d => d.VendorName))} With wildcards it would be a pattern.",
                    vendor));
            }
        }
    }

    private static bool IsId(string vendor) => vendor.Length == 4 && vendor.All(char.IsAsciiHexDigit);

    private static bool IsOf(PciDevice device, string vendor) =>
        NamePattern.Matches(vendor, device.VendorName)
        || string.Equals(vendor, device.VendorId.ToString("x4", CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase);
}
