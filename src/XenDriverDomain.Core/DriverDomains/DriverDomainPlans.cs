using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Inventory;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Reporting;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains;

/// <summary>The driver domains of a host: files on dom0, xl for what is changed, xenstore for what is seen.</summary>
public sealed class DriverDomainPlans : IDriverDomains
{
    private readonly Dom0 _dom0;
    private readonly IXl _xl;
    private readonly IDomainDirectory _domains;
    private readonly IPciInventory _pci;

    /// <summary>Creates the service on a host.</summary>
    public DriverDomainPlans(Dom0 dom0, IXl xl, IDomainDirectory domains, IPciInventory pci)
    {
        _dom0 = dom0;
        _xl = xl;
        _domains = domains;
        _pci = pci;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DriverDomain>> ListAsync(CancellationToken cancellationToken) =>
        new DriverDomainReader(_dom0, _domains).ListAsync(new SilentReporter(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DriverDomain>> ListBrieflyAsync(CancellationToken cancellationToken) =>
        new DriverDomainReader(_dom0, _domains).ListBrieflyAsync(new SilentReporter(), cancellationToken);

    /// <inheritdoc/>
    public Task<PlannedChange<DriverDomain>> PlanNewAsync(
        NewDriverDomainRequest request, IOperationReporter reporter, CancellationToken cancellationToken) =>
        new DriverDomainNewPlanner(_dom0, _xl, _domains, _pci).PlanAsync(request, reporter, cancellationToken);

    /// <inheritdoc/>
    public Task<PlannedChange<DriverDomain>> PlanStartAsync(
        string name, StartOptions options, IOperationReporter reporter, CancellationToken cancellationToken) =>
        new DriverDomainStartPlanner(_dom0, _xl, _domains, _pci).PlanAsync(name, options, reporter, cancellationToken);

    /// <inheritdoc/>
    public Task<PlannedChange<DriverDomain>> PlanStopAsync(
        DomainRef reference, StopOptions options, IOperationReporter reporter, CancellationToken cancellationToken) =>
        new DriverDomainStopPlanner(_dom0, _xl, _domains).PlanAsync(reference, options, reporter, cancellationToken);

    /// <inheritdoc/>
    public Task<PlannedChange<DriverDomain>> PlanRestartAsync(
        DomainRef reference,
        StopOptions stopOptions,
        StartOptions startOptions,
        IOperationReporter reporter,
        CancellationToken cancellationToken) =>
        new DriverDomainRestartPlanner(_dom0, _xl, _domains, _pci)
            .PlanAsync(reference, stopOptions, startOptions, reporter, cancellationToken);

    /// <inheritdoc/>
    public Task<PlannedChange<bool>> PlanRemoveAsync(
        string name, StopOptions options, IOperationReporter reporter, CancellationToken cancellationToken) =>
        new DriverDomainRemovePlanner(_dom0, _xl, _domains).PlanAsync(name, options, reporter, cancellationToken);

    /// <inheritdoc/>
    public Task<Readiness> ProbeAsync(
        DomainInfo domain, string? bridge, TimeSpan timeout, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(reporter);
        return new ProbeStep(_dom0, _xl).ProbeAsync(domain, bridge, timeout, reporter, cancellationToken);
    }
}
