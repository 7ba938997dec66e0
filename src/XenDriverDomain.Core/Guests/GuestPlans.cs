using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Guests;

/// <summary>The guests of a host.</summary>
public sealed class GuestPlans
{
    private readonly Dom0 _dom0;
    private readonly XlTool _xl;
    private readonly DomainDirectory _domains;

    /// <summary>Creates the service on a host.</summary>
    public GuestPlans(Dom0 dom0, XlTool xl, DomainDirectory domains)
    {
        _dom0 = dom0;
        _xl = xl;
        _domains = domains;
    }

    /// <summary>All running domains but dom0, by domid.</summary>
    public async Task<IReadOnlyList<Guest>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _domains.ListAsync(cancellationToken).ConfigureAwait(false)).Where(d => d.Domid != 0).Select(d => Show(_dom0.Id, d))];

    /// <summary>
    /// Checks a configuration on dom0, of xl or of older days, and plans the start of the guest it describes; the back end of each vif and
    /// disk is verified afterwards.
    /// </summary>
    /// <param name="configPath">The file on dom0.</param>
    /// <param name="options">How it is started, and the variables that its configuration gets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<PlannedChange<Guest>> PlanStartAsync(
        string configPath, GuestStartOptions options, CancellationToken cancellationToken) =>
        new GuestStartPlanner(_dom0, _xl, _domains).PlanAsync(configPath, options, cancellationToken);

    /// <summary>
    /// The same for a configuration that was read already; the guest is started from an xl.cfg that is generated on dom0.
    /// </summary>
    public Task<PlannedChange<Guest>> PlanStartAsync(
        XenDomainConfig config, GuestStartOptions options, CancellationToken cancellationToken) =>
        new GuestStartPlanner(_dom0, _xl, _domains).PlanAsync(config, options, cancellationToken);

    /// <summary>Checks and plans the shutdown; force destroys it.</summary>
    public async Task<PlannedChange<Guest>> PlanStopAsync(
        DomainRef reference, StopOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        DomainInfo domain = await _domains.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChangeStep> steps = await new DomainStopPlanner(_dom0, _xl, _domains)
            .StepsAsync(domain, options, isRemoved: false, cancellationToken).ConfigureAwait(false);
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
    internal static async Task<Guest> ReadBackAsync(
        Dom0 dom0, DomainDirectory domains, DomainInfo domain, CancellationToken cancellationToken)
    {
        DomainInfo? now = (await domains.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(d => d.Domid == domain.Domid);
        return now is not null ? Show(dom0.Id, now) : Show(dom0.Id, domain) with { Domid = null, State = null };
    }
}
