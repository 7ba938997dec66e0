using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Binding;

/// <summary>How PCI addresses are asked for: one exactly (an error when it is malformed or missing), or by a pattern.</summary>
internal static class AddressPattern
{
    /// <exception cref="XenDriverDomainException">PciAddressMalformed or PciDeviceNotFound.</exception>
    internal static IEnumerable<PciDevice> Select(IReadOnlyList<PciDevice> devices, string address)
    {
        if (NamePattern.HasWildcard(address))
        {
            return devices.Where(d => NamePattern.Matches(address, d.Address.ToString())
                || (d.Address.Domain == 0 && NamePattern.Matches(address, d.Address.ToString()[5..])));
        }

        PciAddress exact = PciAddress.Parse(address);
        PciDevice found = devices.FirstOrDefault(d => d.Address == exact)
            ?? throw new XenDriverDomainException(
                ErrorIds.PciDeviceNotFound,
                ErrorKind.NotFound,
                $"There is no PCI function {exact} on this host.",
                "See Get-XenPciDevice for those that exist; addresses can change when a card is added or removed.",
                address);
        return [found];
    }
}
