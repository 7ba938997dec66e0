using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains.Files;
using XenDriverDomain.Domains.Lifecycle;
using XenDriverDomain.Domains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Domains;

/// <summary>
/// Plans a restart. A front end cannot move to another back end, so each client vif is detached before and attached anew after,
/// with the same MAC address, bridge and number. What has been stopped cannot be undone; a failure leaves things as they are then,
/// and running the restart (or the start) again goes on from there.
/// </summary>
internal sealed class DriverDomainRestartPlanner(Dom0 dom0, IXl xl, IDomainDirectory domains, IPciInventory pci)
{
    /// <summary>Looks, refuses, or plans.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        DomainRef reference, StopOptions stop, StartOptions start, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(reporter);
        DomainInfo domain = await domains.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        DriverDomainStopPlanner.RefuseDom0(domain);
        DriverDomainStartPlanner starter = new(dom0, xl, domains, pci);
        DriverDomainFile file = await starter.ReadAsync(domain.Name, cancellationToken).ConfigureAwait(false);
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<VifRecord> vifs = await ClientsAsync(store, domain, stop, reporter, cancellationToken).ConfigureAwait(false);

        ProbeStep probe = new(dom0, xl);
        DomainCreator creator = new(dom0, xl, domains);
        List<ChangeStep> steps = [.. vifs.Select(v => DetachStep(store, v))];
        steps.AddRange(new DomainStopper(dom0, xl, domains).Steps(domain, stop with { NoWait = false }, reporter));

        // No undo: the domain ran before, so destroying it would lead away from the state that was.
        steps.Add(creator.Step(domain.Name, file.Path, DriverDomainChecks.Addresses(file.Configuration), reporter) with { UndoAsync = null });
        if (!start.NoWait || vifs.Count > 0)
        {
            steps.Add(probe.Step(domain.Name, () => creator.Made!, file.Configuration.Bridge, start.Timeout, reporter));
        }

        if (vifs.Count > 0)
        {
            steps.Add(new ChangeStep(
                $"Connect {vifs.Count} {(vifs.Count == 1 ? "vif" : "vifs")} to the new {domain.Name}: {string.Join(", ", vifs.Select(Describe))}",
                token => ReconnectAsync(store, vifs, creator, start, token)));
        }

        return new PlannedChange<DriverDomain>(
            new ChangePlan($"Restart the driver domain {domain.Name}", steps)
            {
                DescribeStateAsync = token => starter.DescribeAsync(domain.Name, token),
            },
            token => DriverDomainStartPlanner.ReadBackAsync(dom0, domains, domain.Name, probe.Found, token));
    }

    private static async Task<IReadOnlyList<VifRecord>> ClientsAsync(
        IXenStoreClient store, DomainInfo domain, StopOptions stop, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        IReadOnlyList<DomainClient> clients = await DomainClients.OfAsync(store, domain.Domid, cancellationToken).ConfigureAwait(false);
        DomainClient[] others = [.. clients.Where(c => c.Kind != "vif")];
        if (others.Length > 0 && !stop.Force)
        {
            throw DriverDomainStopPlanner.HasClients(domain, others);
        }

        if (others.Length > 0)
        {
            reporter.Warning($"{string.Join(", ", (object[])others)} cannot be reconnected and lose their device.");
        }

        return [.. (await new VifReader(store).ListAsync(cancellationToken).ConfigureAwait(false))
            .Where(v => v.BackendDomid == domain.Domid && v.GuestName is not null && v.Mac is not null)];
    }

    private static string Describe(VifRecord vif) => $"{VifWaiter.NameOf(vif)} {vif.Mac}";

    private ChangeStep DetachStep(IXenStoreClient store, VifRecord vif)
    {
        VifSpec spec = VifSpecs.Of(vif)!;
        VifAttacher attacher = new(store, xl, dom0.Time);
        return new ChangeStep(
            $"Detach the vif {vif.Address.Devid} ({vif.Mac}) from {VifWaiter.NameOf(vif)}",
            token => new VifDetacher(store, xl, dom0.Time).DetachAsync(vif.Address, force: true, TimeSpan.FromSeconds(60), token))
        {
            UndoDescription = $"Attach the vif {vif.Mac} to {VifWaiter.NameOf(vif)} again",
            UndoAsync = async token => await attacher.AttachAsync(
                vif.Address.GuestDomid, VifWaiter.NameOf(vif), vif.BackendDomid, spec, token).ConfigureAwait(false),
        };
    }

    // All of them are tried: one guest that does not answer must not keep the others off the net.
    private async Task ReconnectAsync(
        IXenStoreClient store, IReadOnlyList<VifRecord> vifs, DomainCreator creator, StartOptions start, CancellationToken cancellationToken)
    {
        VifAttacher attacher = new(store, xl, dom0.Time);
        int backend = creator.Made!.Domid;
        List<XenDriverDomainException> failures = [];
        foreach (VifRecord vif in vifs)
        {
            try
            {
                VifAddress now = await attacher.AttachAsync(
                    vif.Address.GuestDomid, VifWaiter.NameOf(vif), backend, VifSpecs.Of(vif)!, cancellationToken).ConfigureAwait(false);
                await attacher.WaitAsync(now, backend, start.Timeout, cancellationToken).ConfigureAwait(false);
            }
            catch (XenDriverDomainException e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.DriverDomainClientsNotReconnected,
                ErrorKind.InvalidState,
                $"{creator.Made.Name} runs again, but {failures.Count} of {vifs.Count} {(vifs.Count == 1 ? "vif" : "vifs")} did not come back: {string.Join(" ", failures.Select(f => f.Message))}",
                "Connect them with Connect-XenGuestVif when the cause is removed.",
                creator.Made.Name,
                failures[0]);
        }
    }
}
