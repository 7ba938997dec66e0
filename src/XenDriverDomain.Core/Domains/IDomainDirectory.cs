namespace XenDriverDomain.Domains;

/// <summary>The domains that run, looked up afresh each time.</summary>
public interface IDomainDirectory
{
    /// <summary>All domains with their states, dom0 included, by domid; runs xl.</summary>
    Task<IReadOnlyList<DomainInfo>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The one domain a reference means now, from xenstore alone: <see cref="DomainInfo.State"/> is
    /// <see cref="DomainState.Unknown"/>, and a domain that is being destroyed is not found any more.
    /// </summary>
    /// <exception cref="Errors.XenDriverDomainException">DomainNotFound or DomainNameAmbiguous.</exception>
    Task<DomainInfo> ResolveAsync(DomainRef reference, CancellationToken cancellationToken);

    /// <summary>The one domain a reference means now, as <see cref="ResolveAsync"/> finds it, or null when none runs.</summary>
    /// <exception cref="Errors.XenDriverDomainException">DomainNameAmbiguous.</exception>
    Task<DomainInfo?> TryResolveAsync(DomainRef reference, CancellationToken cancellationToken);
}
