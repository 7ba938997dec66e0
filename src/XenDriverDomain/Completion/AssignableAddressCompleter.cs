using XenDriverDomain.Pci;

namespace XenDriverDomain.Completion;

/// <summary>Completes the addresses of functions that pciback holds or lists.</summary>
internal sealed class AssignableAddressCompleter : PciAddressCompleter
{
    private protected override bool Offers(PciDevice device) => device.State is not (PciDeviceState.Host or PciDeviceState.Unbound);
}
