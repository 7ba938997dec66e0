using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Lifecycle;

/// <summary>
/// Plans the end of a domain, be it a guest or a driver domain: one that others use as their back end is refused unless forced.
/// </summary>
internal sealed class DomainStopPlanner(Dom0 dom0, XlTool xl, DomainDirectory domains)
{
    /// <summary>The steps that stop a domain, after the refusals.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="options">How.</param>
    /// <param name="isRemoved">Whether its configuration goes as well, so that it cannot be started again.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    public async Task<IReadOnlyList<ChangeStep>> StepsAsync(
        DomainInfo domain, StopOptions options, bool isRemoved, CancellationToken cancellationToken)
    {
        RefuseDom0(domain);
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        DomainClient[] clients = [.. (await DomainClients.OfAsync(store, domain.Domid, cancellationToken).ConfigureAwait(false))
            .Where(c => !options.Ending.Contains(c.Device.Guest))];
        bool isConfigured = clients.Length > 0 && await new DriverDomainFiles(dom0.Files)
            .IsConfiguredAsync(domain.Name, cancellationToken).ConfigureAwait(false);
        if (clients.Length > 0 && !options.Force)
        {
            throw HasClients(domain, clients, isConfigured);
        }

        if (clients.Length > 0)
        {
            dom0.Reporter.Warning($"{domain.Name} is the back end of {string.Join(", ", clients)}, which stopping it cuts off.");
        }

        List<ChangeStep> steps = [];
        ReturningClients returning = await ReturningClients.FindAsync(dom0, xl, domain.Name, domain.Domid, cancellationToken)
            .ConfigureAwait(false);
        if (returning.DropStaleStep() is { } drop)
        {
            steps.Add(drop);
        }

        if (returning.Served.Any(v => !options.Ending.Contains(v.Device.Guest)))
        {
            ClientRecord[] lost = [.. returning.All.Where(c => !options.Ending.Contains(c.GuestDomid))];
            dom0.Reporter.Warning(isRemoved || !isConfigured
                ? $"Nothing connects {ReturningClients.List(lost)} again, unless {domain.Name} is made anew and started."
                : $"Start-XenDriverDomain {domain.Name} connects again: {ReturningClients.List(lost)}.");
            steps.Add(returning.RecordStep(lost)!);
        }

        steps.AddRange(new DomainStopper(domains).Steps(
            domain, options, new Course(
                [ServerRecords.Forget(domain.Name, [domain.Domid])],
                (hand, token) => ServerRecords.ForgetDeadAsync(hand, domain.Name, token))));
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
    public static XenDriverDomainException HasClients(
        DomainInfo domain, IReadOnlyList<DomainClient> clients, bool isConfigured) => new(
        ErrorIds.DriverDomainHasClients,
        ErrorKind.InUse,
        $"{domain.Name} is the back end of {string.Join(", ", clients)}.",
        isConfigured
            ? "Disconnect them first, use Restart-XenDriverDomain to reconnect them, or cut them off with -Force."
            : "Disconnect them first, or cut them off with -Force.",
        domain.Name);
}
