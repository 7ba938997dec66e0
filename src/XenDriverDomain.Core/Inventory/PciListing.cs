using XenDriverDomain.Errors;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Inventory;

/// <summary>One function out of a listing of all of a host.</summary>
public static class PciListing
{
    private const int MostSuggestions = 4;

    /// <summary>The function with an address.</summary>
    /// <param name="devices">All functions of the host.</param>
    /// <param name="address">The address.</param>
    /// <param name="dom0">The host's id.</param>
    /// <exception cref="XenDriverDomainException">PciDeviceNotFound, with similar addresses that there are.</exception>
    public static PciDevice Find(IReadOnlyList<PciDevice> devices, PciAddress address, string dom0)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return devices.FirstOrDefault(device => device.Address == address) ?? throw new XenDriverDomainException(
            ErrorIds.PciDeviceNotFound,
            ErrorKind.NotFound,
            $"There is no PCI device {address} on {dom0}.",
            Suggest(address, devices),
            address);
    }

    private static string Suggest(PciAddress address, IReadOnlyList<PciDevice> devices)
    {
        PciAddress[] alike =
        [
            .. devices.Select(device => device.Address)
                .Where(other => other.SharesSlotWith(address)
                    || (other.Device == address.Device && other.Function == address.Function)
                    || (other.Domain == address.Domain && other.Bus == address.Bus))
                .OrderByDescending(other => other.SharesSlotWith(address))
                .ThenByDescending(other => other.Device == address.Device)
                .ThenBy(other => Math.Abs(other.Device - address.Device))
                .ThenBy(other => other)
                .Take(MostSuggestions),
        ];
        return alike.Length == 0
            ? "Get-XenPciDevice lists all there are."
            : $"Similar addresses that exist: {string.Join(", ", alike)}. Get-XenPciDevice lists all there are.";
    }
}
