using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains.Files;
using XenDriverDomain.Domains.Lifecycle;
using XenDriverDomain.Errors;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Domains;

/// <summary>
/// Plans the start of a guest from an xl.cfg on dom0. xl starts it although a vif never gets to work, and lets dom0 back a vif
/// whose back end is misspelt; here each back end must run before, and is verified afterwards.
/// </summary>
internal sealed class GuestStartPlanner(Dom0 dom0, IXl xl, IDomainDirectory domains)
{
    /// <summary>Looks, refuses, or plans.</summary>
    public async Task<PlannedChange<Guest>> PlanAsync(
        string configPath, StartOptions options, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configPath);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        DomainConfiguration configuration = await ReadAsync(configPath, cancellationToken).ConfigureAwait(false);

        // A domid is what the file says; whether it is the right one, only the user knows.
        DriverDomainChecks.RequireSound(configuration, configPath, f => f.Id != ErrorIds.BackendByDomid);
        foreach (ConfigFinding finding in DomainConfigChecks.Check(configuration))
        {
            reporter.Warning(finding.Cause);
        }

        if (await domains.TryResolveAsync(DomainRef.Parse(configuration.Name), cancellationToken).ConfigureAwait(false) is { } running)
        {
            throw new XenDriverDomainException(
                ErrorIds.DomainAlreadyExists,
                ErrorKind.AlreadyExists,
                $"A domain named {running.Name} runs already (domid {running.Domid}).",
                "Stop that domain first, or give the guest another name.",
                configPath);
        }

        int[] backends = await BackendsAsync(configuration, configPath, cancellationToken).ConfigureAwait(false);
        DomainCreator creator = new(dom0, xl, domains);
        List<ChangeStep> steps = [creator.Step(configuration.Name, configPath, DriverDomainChecks.Addresses(configuration), reporter)];
        if (backends.Length > 0)
        {
            steps.Add(new ChangeStep(
                $"Verify the back ends of the {backends.Length} vif(s) of {configuration.Name}",
                token => VerifyAsync(configuration, creator, backends, token)));
            if (!options.NoWait)
            {
                steps.Add(new ChangeStep(
                    $"Wait until the vifs of {configuration.Name} are connected",
                    token => WaitAsync(creator, options.Timeout, reporter, token)));
            }
        }

        return new PlannedChange<Guest>(
            new ChangePlan($"Start the guest {configuration.Name}", steps),
            token => Guests.ReadBackAsync(dom0, domains, creator.Made!, token));
    }

    private async Task<DomainConfiguration> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = await dom0.Files.ReadAsync(ConfigPath.Check(path), XlConfigDocument.MaxBytes, cancellationToken).ConfigureAwait(false);
            return DomainConfiguration.FromXlConfig(XlConfigDocument.Parse(bytes, path));
        }
        catch (HostFileException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new XenDriverDomainException(
                ErrorIds.GuestConfigNotFound,
                ErrorKind.NotFound,
                $"There is no configuration file {Terminal.Text.Show(path)} on {dom0.Id}.",
                "Give the full path of the guest's xl configuration file on dom0.",
                path,
                e);
        }
    }

    // The domid that each vif's back end has now, in the order of the file; those of disks must run as well.
    private async Task<int[]> BackendsAsync(DomainConfiguration configuration, string target, CancellationToken cancellationToken)
    {
        foreach (DiskSpec disk in configuration.Disks)
        {
            await BackendAsync(disk.Backend, disk.ToString(), target, cancellationToken).ConfigureAwait(false);
        }

        List<int> found = [];
        foreach (VifSpec vif in configuration.Vifs)
        {
            found.Add(await BackendAsync(vif.Backend, vif.ToString(), target, cancellationToken).ConfigureAwait(false));
        }

        return [.. found];
    }

    private async Task<int> BackendAsync(DomainRef? named, string device, string target, CancellationToken cancellationToken) => named is not { } backend
        ? 0
        : (await domains.TryResolveAsync(backend, cancellationToken).ConfigureAwait(false))?.Domid ?? throw new XenDriverDomainException(
            ErrorIds.GuestBackendNotRunning,
            ErrorKind.InvalidState,
            $"The domain '{backend}' that shall back '{Terminal.Text.Show(device)}' does not run.",
            "Start it first with Start-XenDriverDomain, or correct the name in the configuration.",
            target);

    private async Task<IReadOnlyList<VifRecord>> VifsAsync(DomainCreator creator, CancellationToken cancellationToken) =>
        await new VifReader(await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false))
            .ListAsync(creator.Made!.Domid, cancellationToken).ConfigureAwait(false);

    private async Task VerifyAsync(DomainConfiguration configuration, DomainCreator creator, int[] backends, CancellationToken cancellationToken)
    {
        IReadOnlyList<VifRecord> vifs = await VifsAsync(creator, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < backends.Length; i++)
        {
            VifSpec wanted = configuration.Vifs[i];
            VifRecord? vif = wanted.Mac is { } mac ? vifs.FirstOrDefault(v => v.Mac == mac)
                : vifs.FirstOrDefault(v => v.Address.Devid == (wanted.DeviceId ?? i));
            if (vif?.BackendDomid != backends[i])
            {
                throw new XenDriverDomainException(
                    ErrorIds.VifBackendMismatch,
                    ErrorKind.InvalidState,
                    vif is null
                        ? $"{configuration.Name} has no vif '{Terminal.Text.Show(wanted.ToString())}'."
                        : $"The vif '{Terminal.Text.Show(wanted.ToString())}' of {configuration.Name} is backed by domid {vif.BackendDomid}, not by {backends[i]}.",
                    "Look whether the back-end domain was restarted meanwhile, and start the guest again.",
                    configuration.Name);
            }
        }
    }

    private async Task WaitAsync(DomainCreator creator, TimeSpan timeout, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        VifWaiter waiter = new(await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false), dom0.Time);
        IReadOnlyList<VifRecord> vifs = await VifsAsync(creator, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(vifs.Select(async vif =>
        {
            try
            {
                await waiter.WaitAsync(vif.Address, vif.BackendDomid, timeout, cancellationToken).ConfigureAwait(false);
            }
            catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.VifFrontendSilent)
            {
                // The back end is ready; what the guest makes of it is the guest's affair.
                reporter.Warning(e.Message);
            }
        })).ConfigureAwait(false);
    }
}
