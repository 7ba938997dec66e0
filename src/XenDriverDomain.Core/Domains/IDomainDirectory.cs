namespace XenDriverDomain.Domains;

/// <summary>The domains that run, looked up afresh each time.</summary>
public interface IDomainDirectory
{
    /// <summary>All domains, dom0 included, by domid.</summary>
    Task<IReadOnlyList<DomainInfo>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The one domain a reference means now.</summary>
    /// <exception cref="Errors.XenDriverDomainException">DomainNotFound or DomainNameAmbiguous.</exception>
    Task<DomainInfo> ResolveAsync(DomainRef reference, CancellationToken cancellationToken);

    /// <summary>The one domain a reference means now, or null when none runs.</summary>
    /// <exception cref="Errors.XenDriverDomainException">DomainNameAmbiguous.</exception>
    Task<DomainInfo?> TryResolveAsync(DomainRef reference, CancellationToken cancellationToken);
}
