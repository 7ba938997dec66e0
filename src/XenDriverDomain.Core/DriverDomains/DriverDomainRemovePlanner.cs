using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains;

/// <summary>Plans the deletion of a driver domain's file; one that runs is refused, or stopped first with force.</summary>
internal sealed class DriverDomainRemovePlanner(Dom0 dom0, XlTool xl, DomainDirectory domains)
{
    /// <summary>Looks, refuses, or plans.</summary>
    public async Task<PlannedChange<bool>> PlanAsync(
        string name, StopOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        string path = DriverDomainFiles.Locate(name);
        byte[] content = await ReadAsync(name, path, cancellationToken).ConfigureAwait(false);
        List<ChangeStep> steps = [];
        if (await RunningAsync(name, path, content, cancellationToken).ConfigureAwait(false) is { } running)
        {
            if (!options.Force)
            {
                throw new XenDriverDomainException(
                    ErrorIds.DriverDomainRunning,
                    ErrorKind.InUse,
                    $"{running.Name} runs (domid {running.Domid}).",
                    "Stop it first with Stop-XenDriverDomain, or use -Force.",
                    name);
            }

            dom0.Reporter.Warning($"{running.Name} runs and is stopped first.");

            // The file goes only when the domain is gone, whatever was asked about waiting.
            steps.AddRange(await new DomainStopPlanner(dom0, xl, domains)
                .StepsAsync(running, options with { NoWait = false }, isRemoved: true, cancellationToken).ConfigureAwait(false));
        }

        steps.Add(HostFileStep.Set($"Delete {path}", path, content: null, before: content));
        return new PlannedChange<bool>(
            new ChangePlan($"Remove the driver domain {name}", steps),
            async token => await dom0.Files.GetKindAsync(path, token).ConfigureAwait(false) == HostFileKind.None);
    }

    private async Task<byte[]> ReadAsync(string name, string path, CancellationToken cancellationToken) =>
        await dom0.Files.TryReadAsync(path, XlConfigDocument.MaxBytes, cancellationToken).ConfigureAwait(false)
        ?? throw new XenDriverDomainException(
            ErrorIds.DriverDomainConfigNotFound,
            ErrorKind.NotFound,
            $"There is no configuration file {path} on {dom0.Id}.",
            "Look with Get-XenDriverDomain which there are.",
            name);

    // A file that cannot be understood can still be removed; then its own name is what it is known by.
    private async Task<DomainInfo?> RunningAsync(string name, string path, byte[] content, CancellationToken cancellationToken)
    {
        string known = name;
        try
        {
            known = DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(content, path)).Name;
        }
        catch (ConfigException)
        {
        }

        return DomainRef.TryParse(known, out DomainRef reference, out _) && reference.Name is not null
            ? await domains.TryResolveAsync(reference, cancellationToken).ConfigureAwait(false)
            : null;
    }
}
