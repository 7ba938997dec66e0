using XenDriverDomain.Domains;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Cmdlets;

/// <summary>The domains that the pipeline has brought, of each host its own, in the order in which they came.</summary>
internal sealed class DomainsByHost
{
    private readonly List<HostDomains> _all = [];

    /// <summary>What there is of each host.</summary>
    internal IReadOnlyList<HostDomains> All => _all;

    /// <summary>Adds a domain of a host's.</summary>
    internal void Add(HostSession host, NamedDomain domain)
    {
        HostDomains? known = _all.Find(one => one.Host == host);
        if (known is null)
        {
            _all.Add(known = new HostDomains(host, []));
        }

        known.Domains.Add(domain);
    }
}

/// <summary>Domains of one host.</summary>
internal sealed record HostDomains(HostSession Host, List<NamedDomain> Domains);

/// <summary>A domain as it was named.</summary>
/// <param name="Name">What the user called it.</param>
/// <param name="Seen">What it is known by.</param>
/// <param name="Find">Finds it when its turn comes.</param>
internal sealed record NamedDomain(string Name, DomainRef Seen, Func<DomainRef> Find);
