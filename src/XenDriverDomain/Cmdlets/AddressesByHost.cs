using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Cmdlets;

/// <summary>The functions that the pipeline has brought, of each host its own, in the order in which they came.</summary>
internal sealed class AddressesByHost
{
    private readonly List<HostAddresses> _all = [];

    /// <summary>What there is of each host.</summary>
    internal IReadOnlyList<HostAddresses> All => _all;

    /// <summary>Adds a function of a host's, unless it is there.</summary>
    internal void Add(HostSession host, PciAddress address)
    {
        HostAddresses? known = _all.Find(one => one.Host == host);
        if (known is null)
        {
            _all.Add(known = new HostAddresses(host, []));
        }

        if (!known.Addresses.Contains(address))
        {
            known.Addresses.Add(address);
        }
    }
}

/// <summary>Functions of one host.</summary>
internal sealed record HostAddresses(HostSession Host, List<PciAddress> Addresses);
