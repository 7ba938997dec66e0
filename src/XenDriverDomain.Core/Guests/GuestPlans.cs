using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Reporting;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Guests;

/// <summary>The guests of a host.</summary>
public sealed class GuestPlans : IGuests
{
    private readonly Dom0 _dom0;
    private readonly IXl _xl;
    private readonly IDomainDirectory _domains;

    /// <summary>Creates the service on a host.</summary>
    public GuestPlans(Dom0 dom0, IXl xl, IDomainDirectory domains)
    {
        _dom0 = dom0;
        _xl = xl;
        _domains = domains;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Guest>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _domains.ListAsync(cancellationToken).ConfigureAwait(false)).Where(d => d.Domid != 0).Select(d => Show(_dom0.Id, d))];

    /// <inheritdoc/>
    public Task<PlannedChange<Guest>> PlanStartAsync(
        string configPath, GuestStartOptions options, IOperationReporter reporter, CancellationToken cancellationToken) =>
        new GuestStartPlanner(_dom0, _xl, _domains).PlanAsync(configPath, options, reporter, cancellationToken);

    /// <inheritdoc/>
    public Task<PlannedChange<Guest>> PlanStartAsync(
        XenDomainConfig config, GuestStartOptions options, IOperationReporter reporter, CancellationToken cancellationToken) =>
        new GuestStartPlanner(_dom0, _xl, _domains).PlanAsync(config, options, reporter, cancellationToken);

    /// <inheritdoc/>
    public async Task<PlannedChange<Guest>> PlanStopAsync(
        DomainRef reference, StopOptions options, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        DomainInfo domain = await _domains.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChangeStep> steps = await new DriverDomainStopPlanner(_dom0, _xl, _domains)
            .StepsAsync(domain, options, reporter, cancellationToken).ConfigureAwait(false);
        return new PlannedChange<Guest>(
            new ChangePlan($"Stop the guest {domain.Name}", steps),
            token => ReadBackAsync(_dom0, _domains, domain, token));
    }

    /// <summary>A domain as users see it.</summary>
    internal static Guest Show(string dom0, DomainInfo domain) => new()
    {
        Dom0 = dom0,
        Name = domain.Name,
        Domid = domain.Domid,
        State = domain.State,
        Type = domain.Type,
        MemoryMB = domain.MemoryMB,
        Vcpus = domain.Vcpus,
        Uuid = domain.Uuid,
    };

    /// <summary>That very domain as it is now; without a domid when it is gone.</summary>
    internal static async Task<Guest> ReadBackAsync(Dom0 dom0, IDomainDirectory domains, DomainInfo domain, CancellationToken cancellationToken)
    {
        DomainInfo? now = (await domains.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(d => d.Domid == domain.Domid);
        return now is not null ? Show(dom0.Id, now) : Show(dom0.Id, domain) with { Domid = null, State = null };
    }
}
