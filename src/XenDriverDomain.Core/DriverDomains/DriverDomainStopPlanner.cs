using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains;

/// <summary>Plans the end of a running domain; one that guests use is refused unless forced.</summary>
internal sealed class DriverDomainStopPlanner(Dom0 dom0, IXl xl, DomainDirectory domains)
{
    /// <summary>Looks, refuses, or plans.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        DomainRef reference, StopOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        DomainInfo domain = await domains.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ChangeStep> steps = await StepsAsync(domain, options, cancellationToken).ConfigureAwait(false);
        return new PlannedChange<DriverDomain>(
            new ChangePlan($"Stop the driver domain {domain.Name}", steps)
            {
                DescribeStateAsync = token => StateAsync(domain, token),
            },
            token => DriverDomainStartPlanner.ReadBackAsync(dom0, domains, domain.Name, null, token));
    }

    /// <summary>The steps that stop a domain, after the refusals.</summary>
    public async Task<IReadOnlyList<ChangeStep>> StepsAsync(
        DomainInfo domain, StopOptions options, CancellationToken cancellationToken)
    {
        RefuseDom0(domain);
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DomainClient> clients = await DomainClients.OfAsync(store, domain.Domid, cancellationToken).ConfigureAwait(false);
        if (clients.Count > 0 && !options.Force)
        {
            throw HasClients(domain, clients);
        }

        if (clients.Count > 0)
        {
            dom0.Reporter.Warning($"{domain.Name} is the back end of {string.Join(", ", clients)}, which stopping it cuts off.");
        }

        List<ChangeStep> steps = [];
        ReturningClients returning = await ReturningClients.FindAsync(dom0, xl, domain.Name, domain.Domid, cancellationToken).ConfigureAwait(false);
        if (returning.DropStaleStep() is { } drop)
        {
            steps.Add(drop);
        }

        if (returning.Served.Count > 0)
        {
            dom0.Reporter.Warning(
                $"Start-XenDriverDomain {domain.Name} connects again: {ReturningClients.List(returning.All)}.");
            steps.Add(returning.RecordStep(returning.All)!);
        }

        steps.AddRange(new DomainStopper(domains).Steps(
            domain, options, new Course([], (hand, token) => ServerRecords.ForgetDeadAsync(hand, domain.Name, token))));
        return steps;
    }

    /// <summary>Refuses dom0.</summary>
    public static void RefuseDom0(DomainInfo domain)
    {
        if (domain.Domid == 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainIsDom0,
                ErrorKind.InvalidArgument,
                $"{domain.Name} is dom0, the host itself; it is not stopped from here.",
                "Name another domain.",
                domain.Name);
        }
    }

    /// <summary>The refusal that names the clients.</summary>
    public static XenDriverDomainException HasClients(DomainInfo domain, IReadOnlyList<DomainClient> clients) => new(
        ErrorIds.DriverDomainHasClients,
        ErrorKind.InUse,
        $"{domain.Name} is the back end of {string.Join(", ", clients)}.",
        "Disconnect them first, use Restart-XenDriverDomain to reconnect them, or cut them off with -Force.",
        domain.Name);

    private async Task<string> StateAsync(DomainInfo domain, CancellationToken cancellationToken)
    {
        bool gone = await domains.TryResolveAsync(DomainRef.FromDomid(domain.Domid), cancellationToken).ConfigureAwait(false) is null;
        string? lost = await ReturningClients.DescribeAsync(dom0, xl, domain.Name, gone ? null : domain.Domid, cancellationToken).ConfigureAwait(false);
        return (gone ? $"{domain.Name} is gone." : $"{domain.Name} still runs (domid {domain.Domid}).") + (lost is null ? string.Empty : $" {lost}");
    }
}
