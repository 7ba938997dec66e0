using XenDriverDomain.Access;
using XenDriverDomain.Assignment;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Inventory;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Images;
using XenDriverDomain.Reporting;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains;

/// <summary>The driver domains of a host: files on dom0, xl for what is changed, xenstore for what is seen.</summary>
public sealed class DriverDomainPlans
{
    private readonly Dom0 _dom0;
    private readonly XlTool _xl;
    private readonly DomainDirectory _domains;
    private readonly PciInventory _pci;
    private readonly PciAssignments _assignments;

    /// <summary>Creates the service on a host.</summary>
    public DriverDomainPlans(Dom0 dom0, XlTool xl, DomainDirectory domains, PciInventory pci, PciAssignments assignments)
    {
        _assignments = assignments;
        _dom0 = dom0;
        _xl = xl;
        _domains = domains;
        _pci = pci;
    }

    /// <summary>
    /// Those with a file under /etc/xen/driver-domains, and every running domain that has a PCI device, <c>driver_domain=1</c>, or
    /// is some device's back end; by name.
    /// </summary>
    public Task<IReadOnlyList<DriverDomain>> ListAsync(CancellationToken cancellationToken) =>
        new DriverDomainReader(_dom0, _domains).ListAsync(new SilentReporter(), cancellationToken);

    /// <summary>
    /// The same domains without their readiness, which is left <see cref="ReadinessState.Unknown"/> for those that run: whether a
    /// domain serves takes a look at every vif of the host.
    /// </summary>
    public Task<IReadOnlyList<DriverDomain>> ListBrieflyAsync(CancellationToken cancellationToken) =>
        new DriverDomainReader(_dom0, _domains).ListBrieflyAsync(new SilentReporter(), cancellationToken);

    /// <summary>Checks a request and plans the configuration file (and the start, when asked).</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    public Task<PlannedChange<DriverDomain>> PlanNewAsync(
        NewDriverDomainRequest request, CancellationToken cancellationToken) =>
        new DriverDomainNewPlanner(_dom0, _xl, _domains, _pci, _assignments).PlanAsync(request, cancellationToken);

    /// <summary>
    /// Plans an image anew of what the host has now, for a driver domain whose configuration names one of this module's; the configuration
    /// names the new one then, which its next start uses.
    /// </summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    public Task<PlannedChange<DriverDomainImage>> PlanRenewImageAsync(string name, CancellationToken cancellationToken) =>
        new DriverDomainImagePlanner(_dom0, _pci).PlanAsync(name, cancellationToken);

    /// <summary>Checks and plans the start from the configuration file, ending with the probe that it serves.</summary>
    public Task<PlannedChange<DriverDomain>> PlanStartAsync(
        string name, StartOptions options, CancellationToken cancellationToken) =>
        new DriverDomainStartPlanner(_dom0, _xl, _domains, _pci).PlanAsync(name, options, cancellationToken);

    /// <summary>Checks and plans the shutdown; force destroys it.</summary>
    public Task<PlannedChange<DriverDomain>> PlanStopAsync(
        DomainRef reference, StopOptions options, CancellationToken cancellationToken) =>
        new DriverDomainStopPlanner(_dom0, _xl, _domains).PlanAsync(reference, options, cancellationToken);

    /// <summary>Stop and start with the client vifs reconnected to the new instance.</summary>
    public Task<PlannedChange<DriverDomain>> PlanRestartAsync(
        DomainRef reference,
        StopOptions stopOptions,
        StartOptions startOptions,
        CancellationToken cancellationToken) =>
        new DriverDomainRestartPlanner(_dom0, _xl, _domains, _pci)
            .PlanAsync(reference, stopOptions, startOptions, cancellationToken);

    /// <summary>Plans the deletion of the configuration file; a running domain is refused, or stopped first with force.</summary>
    public Task<PlannedChange<bool>> PlanRemoveAsync(
        string name, StopOptions options, CancellationToken cancellationToken) =>
        new DriverDomainRemovePlanner(_dom0, _xl, _domains).PlanAsync(name, options, cancellationToken);

    /// <summary>Probes whether a running domain really serves network front ends, with a throw-away vif that no guest sees.</summary>
    /// <param name="domain">The running domain.</param>
    /// <param name="bridge">The bridge expected inside; null when it is not to be checked.</param>
    /// <param name="timeout">How long the domain may take to become ready.</param>
    /// <param name="cancellationToken">Ends the probe; what it made is removed.</param>
    internal Task<Readiness> ProbeAsync(
        DomainInfo domain, string? bridge, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return new ProbeStep(_dom0, _xl).ProbeAsync(domain, bridge, timeout, cancellationToken);
    }
}
