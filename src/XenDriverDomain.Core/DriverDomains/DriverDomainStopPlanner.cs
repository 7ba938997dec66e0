using XenDriverDomain.Access;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Reporting;
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
        if (reference.Name is { } name && await domains.TryResolveAsync(reference, cancellationToken).ConfigureAwait(false) is null)
        {
            // One that is configured is stopped already, which is what is asked for.
            await RequireKnownAsync(
                name,
                $"There is no driver domain '{name}' on {dom0.Id}, neither configured nor running.",
                "See Get-XenDriverDomain for those that exist.",
                cancellationToken).ConfigureAwait(false);
            return new PlannedChange<DriverDomain>(
                new ChangePlan($"Stop the driver domain {name}", []),
                token => DriverDomainStartPlanner.ReadBackAsync(dom0, domains, name, null, token));
        }

        DomainInfo domain = await domains.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        if (domain.Domid != 0)
        {
            await RequireKnownAsync(
                domain.Name,
                $"{domain.Name} on {dom0.Id} is no driver domain: it has no PCI device, serves nobody, and is not configured as one.",
                "Stop-XenGuest stops a guest.",
                cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<ChangeStep> steps = await new DomainStopPlanner(dom0, xl, domains)
            .StepsAsync(domain, options, isRemoved: false, cancellationToken).ConfigureAwait(false);
        return new PlannedChange<DriverDomain>(
            new ChangePlan($"Stop the driver domain {domain.Name}", steps)
            {
                DescribeStateAsync = token => StateAsync(domain, token),
            },
            token => DriverDomainStartPlanner.ReadBackAsync(dom0, domains, domain.Name, null, token));
    }

    private async Task RequireKnownAsync(string name, string message, string remedy, CancellationToken cancellationToken)
    {
        IReadOnlyList<DriverDomain> known = await new DriverDomainReader(dom0, domains)
            .ListBrieflyAsync(new SilentReporter(), cancellationToken).ConfigureAwait(false);
        if (!known.Any(one => one.Name == name))
        {
            throw new XenDriverDomainException(ErrorIds.DomainNotFound, ErrorKind.NotFound, message, remedy, name);
        }
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
