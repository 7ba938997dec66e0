using XenDriverDomain.Access;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains;

/// <summary>Plans the end of a driver domain, and tells afterwards who is cut off from it.</summary>
internal sealed class DriverDomainStopPlanner(Dom0 dom0, XlTool xl, DomainDirectory domains)
{
    /// <summary>Looks, refuses, or plans.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        DomainRef reference, StopOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        DomainInfo domain = await domains.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChangeStep> steps = await new DomainStopPlanner(dom0, xl, domains).StepsAsync(domain, options, cancellationToken)
            .ConfigureAwait(false);
        return new PlannedChange<DriverDomain>(
            new ChangePlan($"Stop the driver domain {domain.Name}", steps)
            {
                DescribeStateAsync = token => StateAsync(domain, token),
            },
            token => DriverDomainStartPlanner.ReadBackAsync(dom0, domains, domain.Name, null, token));
    }

    private async Task<string> StateAsync(DomainInfo domain, CancellationToken cancellationToken)
    {
        bool gone = await domains.TryResolveAsync(DomainRef.FromDomid(domain.Domid), cancellationToken).ConfigureAwait(false) is null;
        string? lost = await ReturningClients.DescribeAsync(dom0, xl, domain.Name, gone ? null : domain.Domid, cancellationToken)
            .ConfigureAwait(false);
        return (gone ? $"{domain.Name} is gone." : $"{domain.Name} still runs (domid {domain.Domid}).")
            + (lost is null ? string.Empty : $" {lost}");
    }
}
