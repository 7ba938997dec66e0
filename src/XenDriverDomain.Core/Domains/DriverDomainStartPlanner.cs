using XenDriverDomain.Access;
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
/// Plans the start of a driver domain from its file, ending with the probe. A domain that does not serve in time is destroyed
/// again, as every failed change is undone; -NoWait keeps it.
/// </summary>
internal sealed class DriverDomainStartPlanner(Dom0 dom0, IXl xl, IDomainDirectory domains, IPciInventory pci)
{
    /// <summary>Looks, refuses, or plans; a domain that runs as configured is only waited for.</summary>
    public async Task<PlannedChange<DriverDomain>> PlanAsync(
        string name, StartOptions options, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        DriverDomainFile file = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
        DomainConfiguration configuration = file.Configuration;
        ProbeStep probe = new(dom0, xl);
        List<ChangeStep> steps = [];
        if (await FindRunningAsync(configuration, cancellationToken).ConfigureAwait(false) is { } running)
        {
            if (!options.NoWait)
            {
                steps.Add(probe.Step(configuration.Name, () => running, configuration.Bridge, options.Timeout, reporter));
            }
        }
        else
        {
            await Task.WhenAll(
                new DriverDomainChecks(dom0, pci).RequireAsync(configuration, name, cancellationToken),
                probe.PrepareAsync(cancellationToken)).ConfigureAwait(false);
            AddSteps(steps, file.Path, configuration, probe, options, reporter);
        }

        return new PlannedChange<DriverDomain>(
            new ChangePlan($"Start the driver domain {configuration.Name}", steps)
            {
                DescribeStateAsync = token => DescribeAsync(configuration.Name, token),
            },
            token => ReadBackAsync(dom0, domains, configuration.Name, probe.Found, token));
    }

    /// <summary>Adds creation and probe.</summary>
    public void AddSteps(
        List<ChangeStep> steps, string path, DomainConfiguration configuration, ProbeStep probe, StartOptions options, IOperationReporter reporter)
    {
        DomainCreator creator = new(dom0, xl, domains);
        steps.Add(creator.Step(configuration.Name, path, DriverDomainChecks.Addresses(configuration), reporter));
        if (!options.NoWait)
        {
            steps.Add(probe.Step(configuration.Name, () => creator.Made!, configuration.Bridge, options.Timeout, reporter));
        }
    }

    /// <summary>The domain of that name as it is now; what the probe saw counts as long as the same domain runs.</summary>
    public static async Task<DriverDomain> ReadBackAsync(
        Dom0 dom0, IDomainDirectory domains, string name, Readiness? found, CancellationToken cancellationToken)
    {
        DriverDomain? now = (await new DriverDomainReader(dom0, domains).ListAsync(new SilentReporter(), cancellationToken).ConfigureAwait(false))
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
        (await domains.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(d => d.Name == name) is { } left
            ? DomainStop.Describe(left)
            : $"{name} does not run.";

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

    /// <summary>The running domain of that name; DomainAlreadyExists when it has other devices than the configuration gives it.</summary>
    public async Task<DomainInfo?> FindRunningAsync(DomainConfiguration configuration, CancellationToken cancellationToken)
    {
        if (!DomainRef.TryParse(configuration.Name, out DomainRef reference, out _) || reference.Name is null
            || await domains.TryResolveAsync(reference, cancellationToken).ConfigureAwait(false) is not { } running)
        {
            return null;
        }

        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PciAddress> has = await AssignedDevices.ReadAsync(store, running.Domid, cancellationToken).ConfigureAwait(false);
        return DriverDomainChecks.Addresses(configuration).Except(has).Any()
            ? throw new XenDriverDomainException(
                ErrorIds.DomainAlreadyExists,
                ErrorKind.AlreadyExists,
                $"A domain named {running.Name} runs already (domid {running.Domid}), without the PCI devices of this configuration.",
                "Stop that domain first, or choose another name.",
                configuration.Name)
            : running;
    }
}
