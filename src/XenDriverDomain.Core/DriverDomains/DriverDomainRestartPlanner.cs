using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Inventory;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains;

/// <summary>
/// Plans a restart. A front end cannot move to another back end, so each client vif is detached before and attached anew after,
/// with the same MAC address, bridge and number. What has been stopped cannot be undone; a failure or a kill leaves things as they are
/// then, and running the restart (or the start) again goes on from there, since the clients are recorded before the first is detached.
/// </summary>
internal sealed class DriverDomainRestartPlanner(Dom0 dom0, XlTool xl, DomainDirectory domains, PciInventory pci)
{
    /// <summary>Looks, refuses, or plans; a driver domain that does not run is started.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        DomainRef reference, StopOptions stop, StartOptions start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(start);
        DriverDomainStartPlanner starter = new(dom0, xl, domains, pci);
        DomainInfo? domain = await domains.TryResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        if (await GoesOnAsync(starter, reference, domain, cancellationToken).ConfigureAwait(false) is { } stopped)
        {
            dom0.Reporter.Verbose($"{stopped.Configuration.Name} does not run: it is started.");
            return await starter.PlanAsync(
                stopped, reference, Title(stopped.Configuration.Name), start, cancellationToken).ConfigureAwait(false);
        }

        domain ??= await domains.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        DomainStopPlanner.RefuseDom0(domain);
        DriverDomainFile file = await starter.ReadAsync(domain.Name, cancellationToken).ConfigureAwait(false);
        ReturningClients clients = await ClientsAsync(domain, stop, cancellationToken).ConfigureAwait(false);

        ProbeStep probe = new(dom0, xl);
        DomainCreator creator = new(dom0, domains) { IsServer = true };
        List<ChangeStep> steps = [];
        if (clients.DropStaleStep() is { } drop)
        {
            steps.Add(drop);
        }

        if (clients.RecordStep(clients.All) is { } record)
        {
            steps.Add(record);
        }

        steps.AddRange(clients.Served.Select(clients.DetachStep));
        steps.AddRange(new DomainStopper(domains).Steps(domain, stop with { NoWait = false }));

        // No undo: the domain ran before, so destroying it would lead away from the state that was.
        steps.Add(creator.Step(domain.Name, file.Path, DriverDomainChecks.Addresses(file.Configuration)) with { Undo = null });
        if (!start.NoWait || clients.All.Count > 0)
        {
            steps.Add(probe.Step(domain.Name, () => creator.Made!, file.Configuration.Bridge, start.Timeout));
        }

        if (clients.ConnectStep(clients.All, () => creator.Made!, start.Timeout) is { } connect)
        {
            steps.Add(connect);
        }

        return new PlannedChange<DriverDomain>(
            new ChangePlan(Title(domain.Name), steps)
            {
                DescribeStateAsync = token => starter.DescribeAsync(domain.Name, token),
            },
            token => DriverDomainStartPlanner.ReadBackAsync(dom0, domains, domain.Name, probe.Found, token));
    }

    private static string Title(string name) => $"Restart the driver domain {name}";

    // The file of a driver domain that is not there, be it that a restart was cut off between the end of the old one and the new one;
    // null when there is one to be stopped, or when nobody knows of such a driver domain.
    private async Task<DriverDomainFile?> GoesOnAsync(
        DriverDomainStartPlanner starter, DomainRef reference, DomainInfo? domain, CancellationToken cancellationToken)
    {
        string? name = domain?.Name ?? reference.Name;
        if (name is null || domain?.Domid == 0 || DomainName.WhyNot(name) is not null)
        {
            return null;
        }

        DriverDomainFile? file = await new DriverDomainFiles(dom0.Files).TryReadAsync(DriverDomainFiles.PathOf(name), cancellationToken)
            .ConfigureAwait(false);
        bool isOwn = file?.Configuration.Name == name
            && (domain is null || await starter.IsHalfMadeAsync(file.Configuration, domain, cancellationToken).ConfigureAwait(false));
        return isOwn ? file : null;
    }

    private async Task<ReturningClients> ClientsAsync(
        DomainInfo domain, StopOptions stop, CancellationToken cancellationToken)
    {
        IReadOnlyList<DomainClient> all = await DomainClients.OfAsync(
            await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false), domain.Domid, cancellationToken).ConfigureAwait(false);
        DomainClient[] others = [.. all.Where(c => c.Device.Kind != DeviceKinds.Vifs.Name)];
        if (others.Length > 0 && !stop.Force)
        {
            throw DomainStopPlanner.HasClients(domain, others, isConfigured: false);
        }

        if (others.Length > 0)
        {
            dom0.Reporter.Warning($"{string.Join(", ", (object[])others)} cannot be reconnected and lose their device.");
        }

        ReturningClients clients = await ReturningClients.FindAsync(dom0, xl, domain.Name, domain.Domid, cancellationToken)
            .ConfigureAwait(false);
        clients.TellStrangers();
        return clients;
    }
}
