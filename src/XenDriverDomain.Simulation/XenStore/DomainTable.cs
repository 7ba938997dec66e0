namespace XenDriverDomain.Simulation.XenStore;

/// <summary>The domains that xenstored has heard of, introduced or only named in permissions. The store's lock guards it.</summary>
internal sealed class DomainTable
{
    private readonly Dictionary<int, StoreDomain> _domains = [];

    /// <summary>A domain, made known when it is not.</summary>
    public StoreDomain Get(int domid)
    {
        if (!_domains.TryGetValue(domid, out StoreDomain? domain))
        {
            _domains.Add(domid, domain = new StoreDomain(domid));
        }

        return domain;
    }

    /// <summary>A domain that was introduced; null for none.</summary>
    public StoreDomain? FindIntroduced(int domid) =>
        _domains.TryGetValue(domid, out StoreDomain? domain) && domain.IsIntroduced ? domain : null;

    /// <summary>Forgets all.</summary>
    public void Clear() => _domains.Clear();

    /// <summary>Forgets a domain: one with the same number later is another one.</summary>
    public void Forget(int domid) => _domains.Remove(domid);
}
