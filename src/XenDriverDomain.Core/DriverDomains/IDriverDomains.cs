using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.DriverDomains;

/// <summary>The driver domains of a host: their configuration files, and the domains that run.</summary>
public interface IDriverDomains
{
    /// <summary>
    /// Those with a file under /etc/xen/driver-domains, and every running domain that has a PCI device, <c>driver_domain=1</c>, or
    /// is some device's back end; by name.
    /// </summary>
    Task<IReadOnlyList<DriverDomain>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The same domains without their readiness, which is left <see cref="ReadinessState.Unknown"/> for those that run: whether a
    /// domain serves takes a look at every vif of the host.
    /// </summary>
    Task<IReadOnlyList<DriverDomain>> ListBrieflyAsync(CancellationToken cancellationToken);

    /// <summary>Checks a request and plans the configuration file (and the start, when asked).</summary>
    /// <exception cref="Errors.XenDriverDomainException">A refusal; nothing was touched.</exception>
    Task<PlannedChange<DriverDomain>> PlanNewAsync(
        NewDriverDomainRequest request, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Checks and plans the start from the configuration file, ending with the probe that it serves.</summary>
    Task<PlannedChange<DriverDomain>> PlanStartAsync(
        string name, StartOptions options, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Checks and plans the shutdown; force destroys it.</summary>
    Task<PlannedChange<DriverDomain>> PlanStopAsync(
        DomainRef reference, StopOptions options, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Stop and start with the client vifs reconnected to the new instance.</summary>
    Task<PlannedChange<DriverDomain>> PlanRestartAsync(
        DomainRef reference, StopOptions stopOptions, StartOptions startOptions, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Plans the deletion of the configuration file; a running domain is refused, or stopped first with force.</summary>
    Task<PlannedChange<bool>> PlanRemoveAsync(
        string name, StopOptions options, IOperationReporter reporter, CancellationToken cancellationToken);

    /// <summary>Probes whether a running domain really serves network front ends, with a throw-away vif that no guest sees.</summary>
    /// <param name="domain">The running domain.</param>
    /// <param name="bridge">The bridge expected inside; null when it is not to be checked.</param>
    /// <param name="timeout">How long the domain may take to become ready.</param>
    /// <param name="reporter">Where the steps are told.</param>
    /// <param name="cancellationToken">Ends the probe; what it made is removed.</param>
    Task<Readiness> ProbeAsync(
        DomainInfo domain, string? bridge, TimeSpan timeout, IOperationReporter reporter, CancellationToken cancellationToken);
}
