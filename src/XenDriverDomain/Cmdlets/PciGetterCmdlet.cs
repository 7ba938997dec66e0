using XenDriverDomain.Binding;
using XenDriverDomain.Hosts;
using XenDriverDomain.Inventory;
using XenDriverDomain.Pci;
using XenDriverDomain.Pci.Uses;

namespace XenDriverDomain.Cmdlets;

/// <summary>The base of cmdlets that show PCI functions, all of them or those with the addresses that are asked for.</summary>
public abstract class PciGetterCmdlet : Dom0Cmdlet
{
    /// <summary>Writes the functions of each host that are wanted; an address that is wrong is an error of its own.</summary>
    /// <param name="addresses">The addresses that are asked for, or patterns of them; null for all.</param>
    /// <param name="wanted">What else is asked for; null for nothing.</param>
    /// <param name="check">Looks whether that can be, on a host with these; null for no more to look at.</param>
    private protected void WriteDevices(
        string[]? addresses, Func<PciDevice, bool>? wanted = null, Action<IReadOnlyList<PciDevice>>? check = null) => ForEachHost(host =>
    {
        IReadOnlyList<PciDevice> devices = Wait((_, token) => host.Pci.ListAsync(token));
        check?.Invoke(devices);
        Write(devices, addresses, wanted, host);
    });

    /// <summary>The same for what is behind interfaces or disks of dom0; a name that no card has is an error of its own.</summary>
    private protected void WriteDevices(
        string[]? addresses,
        string[]? interfaces,
        string[]? disks,
        Func<PciDevice, bool> wanted,
        Action<IReadOnlyList<PciDevice>> check) =>
        ForEachHost(host =>
        {
            PciLook look = Wait((_, token) => host.Pci.LookAsync(disks ?? [], token));
            check(look.Devices);
            string id = host.Dom0.Id;
            HashSet<PciAddress>? behindInterfaces = Behind(
                interfaces, look.Names.Interfaces, name => NameListing.FindInterface(look.Names, name, id));
            HashSet<PciAddress>? behindDisks = Behind(disks, look.Names.Disks, name => NameListing.FindDisk(look.Names, name, id));
            Write(
                look.Devices,
                addresses,
                device => behindInterfaces?.Contains(device.Address) != false && behindDisks?.Contains(device.Address) != false
                    && wanted(device),
                host);
        });

    private HashSet<PciAddress>? Behind(string[]? names, IReadOnlyList<KernelName> all, Func<string, KernelName> find)
    {
        if (names is null)
        {
            return null;
        }

        HashSet<PciAddress> functions = [];
        foreach (string name in names)
        {
            TryFor(name, () => functions.UnionWith(KernelNamePattern.Select(all, name, find)));
        }

        return functions;
    }

    private void Write(IReadOnlyList<PciDevice> devices, string[]? addresses, Func<PciDevice, bool>? wanted, HostSession host)
    {
        if (addresses is null)
        {
            WriteWanted(devices, wanted);
            return;
        }

        foreach (string address in addresses)
        {
            TryFor(address, () => WriteWanted(AddressPattern.Select(devices, address, host.Dom0.Id), wanted));
        }
    }

    private void WriteWanted(IEnumerable<PciDevice> chosen, Func<PciDevice, bool>? wanted) =>
        WriteObject(wanted is null ? chosen : chosen.Where(wanted), enumerateCollection: true);
}
