using XenDriverDomain.Access;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Inventory;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains;

/// <summary>
/// Plans the start of a driver domain from its file, with the probe, and with the return of the clients that were cut off from it. A domain
/// that does not serve in time is destroyed again, as every failed change is undone; -NoWait keeps it.
/// </summary>
internal sealed class DriverDomainStartPlanner(Dom0 dom0, XlTool xl, DomainDirectory domains, PciInventory pci)
{
    // As long as DomainStopper waits for one that is on its way.
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(30);

    /// <summary>Looks, refuses, or plans; a domain that runs as configured is only waited for.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        string name, StartOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        DriverDomainFile file = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
        return await PlanAsync(file, name, $"Start the driver domain {file.Configuration.Name}", options, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The same for a file that was read.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        DriverDomainFile file, object target, string title, StartOptions options, CancellationToken cancellationToken)
    {
        DomainConfiguration configuration = file.Configuration;
        ProbeStep probe = new(dom0, xl);
        List<ChangeStep> steps = [];
        RunningServer? running = await FindRunningAsync(configuration, cancellationToken).ConfigureAwait(false);
        if (running is null)
        {
            await Task.WhenAll(
                new DriverDomainChecks(dom0, pci).RequireAsync(configuration, target, cancellationToken),
                probe.PrepareAsync(cancellationToken)).ConfigureAwait(false);
        }

        await AddStepsAsync(steps, file.Path, configuration, running, probe, options, cancellationToken).ConfigureAwait(false);
        return new PlannedChange<DriverDomain>(
            new ChangePlan(title, steps)
            {
                DescribeStateAsync = token => DescribeAsync(configuration.Name, token),
            },
            token => ReadBackAsync(dom0, domains, configuration.Name, probe.Found, token));
    }

    /// <summary>Adds creation, probe, and the return of clients that were cut off.</summary>
    public async Task AddStepsAsync(
        List<ChangeStep> steps,
        string path,
        DomainConfiguration configuration,
        RunningServer? running,
        ProbeStep probe,
        StartOptions options,
        CancellationToken cancellationToken)
    {
        string name = configuration.Name;
        ReturningClients clients = await ReturningClients.FindAsync(
            dom0, xl, name, running is { IsUnfinished: false, IsEnding: false } ? running.Domain.Domid : null, cancellationToken)
            .ConfigureAwait(false);
        clients.TellStrangers();
        bool reconnects = clients.CutOff.Count > 0 && !options.NoWait;
        if (clients.CutOff.Count > 0 && options.NoWait)
        {
            dom0.Reporter.Warning(
                $"{ReturningClients.List(clients.CutOff)} stay{(clients.CutOff.Count == 1 ? "s" : string.Empty)} cut off, "
                    + $"since it takes a wait to bring them back: run Start-XenDriverDomain {name} without -NoWait.");
        }

        if (clients.DropStaleStep() is { } drop)
        {
            steps.Add(drop);
        }

        if (reconnects && clients.RecordStep(clients.CutOff) is { } record)
        {
            steps.Add(record);
        }

        DomainCreator creator = new(dom0, domains)
        {
            IsServer = true,
            Unfinished = running is { IsUnfinished: true } ? running.Domain : null,
        };
        IReadOnlyList<PciAddress> devices = DriverDomainChecks.Addresses(configuration);
        ChangeStep create = creator.Step(name, path, devices);
        if (running is { IsEnding: true })
        {
            steps.Add(new ChangeStep(
                $"Wait until {name} (domid {running.Domain.Domid}), which is ending, is gone",
                new Course(
                    [
                        new WaitFor(DomainStopper.IsGone(running.Domain), s_ending) { GoesOn = true },
                        new When(!DomainStopper.IsGone(running.Domain), DomainStopper.Destroying(running.Domain)),
                    ],
                    (hand, token) => DomainStopper.EndAsync(running.Domain, hand, token))));
        }

        if (running is null or { IsUnfinished: true } or { IsEnding: true })
        {
            steps.Add(create);
        }

        if (!options.NoWait)
        {
            ChangeStep wait = probe.Step(name, () => creator.Made ?? running!.Domain, configuration.Bridge, options.Timeout);
            steps.Add(running is { IsUnfinished: false, IsEnding: false } ? Surviving(wait, create, running.Domain) : wait);
        }

        if (reconnects && clients.ConnectStep(clients.CutOff, () => creator.Made ?? running!.Domain, options.Timeout) is { } connect)
        {
            steps.Add(connect);
        }
    }

    // A killed run may have told the domain to shut down; it then ends while it is waited for. A crash that is kept is evidence, and a new
    // domain would go the same way.
    private ChangeStep Surviving(ChangeStep wait, ChangeStep create, DomainInfo running) => new(
        wait.Description,
        new Course(wait.Parts, async (hand, token) =>
        {
            try
            {
                await hand.RunAsync(wait.Parts, token).ConfigureAwait(false);
            }
            catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.DriverDomainDied)
            {
                if (await new DomainStopper(domains).IsKeptCrashAsync(running, hand, token).ConfigureAwait(false))
                {
                    throw;
                }

                hand.Reporter.Warning($"{running.Name} (domid {running.Domid}) ended while it was waited for, and is started anew.");
                await DomainStopper.EndAsync(running, hand, token).ConfigureAwait(false);
                await hand.RunAsync([.. create.Parts, .. wait.Parts], token).ConfigureAwait(false);
            }
        }));

    /// <summary>The domain of that name as it is now; what the probe saw counts as long as the same domain runs.</summary>
    public static async Task<DriverDomain> ReadBackAsync(
        Dom0 dom0, DomainDirectory domains, string name, Readiness? found, CancellationToken cancellationToken)
    {
        DriverDomain? now = (await new DriverDomainReader(dom0, domains).ListAsync(new SilentReporter(), cancellationToken)
            .ConfigureAwait(false))
            .FirstOrDefault(d => d.Name == name);
        if (now is null)
        {
            return new DriverDomain { Dom0 = dom0.Id, Name = name, Readiness = ReadinessState.NotRunning };
        }

        bool runsOn = found?.Domid is { } probed && probed == now.Domid && DomainStop.Of(now.State ?? DomainState.Unknown, name) is null;
        return runsOn ? now with { Readiness = found!.State, ReadinessDetail = found.Detail } : now;
    }

    /// <summary>A sentence about the state after a failure.</summary>
    public async Task<string> DescribeAsync(string name, CancellationToken cancellationToken) =>
        await DescribeAsync(dom0, xl, domains, name, cancellationToken).ConfigureAwait(false);

    /// <summary>The same: whether it runs, and who is cut off from it.</summary>
    public static async Task<string> DescribeAsync(
        Dom0 dom0, XlTool xl, DomainDirectory domains, string name, CancellationToken cancellationToken)
    {
        DomainInfo? left = (await domains.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(d => d.Name == name);
        string? lost = await ReturningClients.DescribeAsync(dom0, xl, name, left?.Domid, cancellationToken).ConfigureAwait(false);
        return (left is null ? $"{name} does not run." : DomainStop.Describe(left)) + (lost is null ? string.Empty : $" {lost}");
    }

    /// <summary>The file that a name or path means.</summary>
    public async Task<DriverDomainFile> ReadAsync(string name, CancellationToken cancellationToken)
    {
        string path = DriverDomainFiles.Locate(name);
        DriverDomainFile file = await new DriverDomainFiles(dom0.Files).TryReadAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new XenDriverDomainException(
                ErrorIds.DriverDomainConfigNotFound,
                ErrorKind.NotFound,
                $"There is no configuration file {path} on {dom0.Id}.",
                "Create the driver domain with New-XenDriverDomain, or look with Get-XenDriverDomain which there are.",
                name);
        return name.StartsWith('/') || file.Configuration.Name == name
            ? file
            : throw new XenDriverDomainException(
                ErrorIds.DriverDomainConfigMismatch,
                ErrorKind.InvalidState,
                $"{path} describes the domain '{Terminal.Text.Show(file.Configuration.Name)}', not '{name}'.",
                "Correct the name in the file, or rename the file.",
                name);
    }

    /// <summary>True when a creation that we had begun left this domain without a device, or paused.</summary>
    public async Task<bool> IsHalfMadeAsync(DomainConfiguration configuration, DomainInfo domain, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        if (!await ServerRecords.IsStartingAsync(store, configuration.Name, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        IReadOnlyList<PciAddress> has = await PciRecordReader.ServedAsync(store, domain.Domid, cancellationToken).ConfigureAwait(false);
        return DriverDomainChecks.Addresses(configuration).Except(has).Any()
            || (await domains.ListAsync(cancellationToken).ConfigureAwait(false))
                .Any(d => d.Domid == domain.Domid && d.State == DomainState.Paused);
    }

    /// <summary>The running domain of that name; DomainAlreadyExists when it has other devices than the configuration gives it.</summary>
    public async Task<RunningServer?> FindRunningAsync(DomainConfiguration configuration, CancellationToken cancellationToken)
    {
        if (!DomainRef.TryParse(configuration.Name, out DomainRef reference, out _) || reference.Name is null)
        {
            return null;
        }

        // xenstored does not know a domain that xl has not built to its end; xl list does.
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        DomainInfo? running = await domains.TryResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        bool isStarting = await ServerRecords.IsStartingAsync(store, configuration.Name, cancellationToken).ConfigureAwait(false);
        if (running is null && !isStarting)
        {
            return null;
        }

        DomainInfo? listed = (await domains.ListAsync(cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(d => running is null ? d.Name == configuration.Name : d.Domid == running.Domid);
        if (listed is null)
        {
            return null;
        }

        if (isStarting)
        {
            return new RunningServer(listed, IsUnfinished: true, IsEnding: false);
        }

        if (listed.State is DomainState.Shutdown or DomainState.Dying)
        {
            return new RunningServer(listed, IsUnfinished: false, IsEnding: true);
        }

        IReadOnlyList<PciAddress> has = await PciRecordReader.ServedAsync(store, listed.Domid, cancellationToken).ConfigureAwait(false);
        PciAddress[] lacking = [.. DriverDomainChecks.Addresses(configuration).Except(has)];
        return lacking.Length > 0
            ? throw new XenDriverDomainException(
                ErrorIds.DomainAlreadyExists,
                ErrorKind.AlreadyExists,
                $"A domain named {listed.Name} runs already (domid {listed.Domid}), without {string.Join(", ", lacking)} of this "
                    + "configuration.",
                "Stop that domain first, or choose another name.",
                configuration.Name)
            : new RunningServer(listed, IsUnfinished: false, IsEnding: false);
    }
}

/// <summary>A driver domain that is there when its start is planned.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="IsUnfinished">True when its creation was begun by us and its end was not seen.</param>
/// <param name="IsEnding">True when it has shut down and is not gone yet.</param>
internal sealed record RunningServer(DomainInfo Domain, bool IsUnfinished, bool IsEnding);

/// <summary>How a domain is started.</summary>
public sealed record StartOptions
{
    /// <summary>How long it may take until it serves.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Effect;

    /// <summary>Returns as soon as the domain exists.</summary>
    public bool NoWait { get; init; }
}
