using XenDriverDomain.Binding;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets that show PCI functions, all of them or those with the addresses that are asked for.</summary>
public abstract class PciGetterCmdlet : Dom0Cmdlet
{
    /// <summary>Writes the functions of each host that are wanted; an address that is wrong is an error of its own.</summary>
    /// <param name="addresses">The addresses that are asked for, or patterns of them; null for all.</param>
    /// <param name="wanted">What else is asked for.</param>
    /// <param name="check">Looks whether that can be, on a host with these; null for no more to look at.</param>
    private protected void WriteDevices(
        string[]? addresses, Func<PciDevice, bool> wanted, Action<IReadOnlyList<PciDevice>>? check = null) => ForEachHost(host =>
    {
        IReadOnlyList<PciDevice> devices = Wait((_, token) => host.Pci.ListAsync(token));
        check?.Invoke(devices);
        if (addresses is null)
        {
            Write(devices);
            return;
        }

        foreach (string address in addresses)
        {
            TryFor(address, () => Write(AddressPattern.Select(devices, address, host.Dom0.Id)));
        }

        void Write(IEnumerable<PciDevice> chosen) => WriteObject(chosen.Where(wanted), enumerateCollection: true);
    });
}
