using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Session;

namespace XenDriverDomain.Binding;

/// <summary>How PCI addresses are asked for: one exactly (an error when it is malformed or missing), or by a pattern.</summary>
internal static class AddressPattern
{
    /// <exception cref="XenDriverDomainException">PciAddressMalformed or PciDeviceNotFound.</exception>
    internal static IEnumerable<PciDevice> Select(IReadOnlyList<PciDevice> devices, string address, string dom0)
    {
        if (NamePattern.HasWildcard(address))
        {
            return devices.Where(d => NamePattern.Matches(address, d.Address.ToString())
                || (d.Address.Domain == 0 && NamePattern.Matches(address, d.Address.ToString()[5..])));
        }

        return [PciListing.Find(devices, PciAddress.Parse(address), dom0)];
    }
}
