using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Configuration.XlCfg;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Errors;
using XenDriverDomain.Lifecycle;
using XenDriverDomain.Pci;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Guests;

/// <summary>
/// Plans the start of a guest. xl starts it although a vif never gets to work, and lets dom0 back a vif whose back end is misspelt; here
/// each back end must run and serve before, and is verified afterwards. What is no xl.cfg on dom0 is started from one that is generated
/// there.
/// </summary>
internal sealed class GuestStartPlanner(Dom0 dom0, XlTool xl, DomainDirectory domains)
{
    /// <summary>Looks at a file on dom0, refuses, or plans.</summary>
    public async Task<PlannedChange<Guest>> PlanAsync(
        string configPath, GuestStartOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configPath);
        ArgumentNullException.ThrowIfNull(options);
        XenDomainConfig config = await ReadAsync(configPath, options, cancellationToken).ConfigureAwait(false);
        bool isReady = config.Format == DomainConfigFormat.Xl && options.Variables.Count == 0;
        return await PlanAsync(config, isReady ? configPath : null, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at a configuration, refuses, or plans.</summary>
    public Task<PlannedChange<Guest>> PlanAsync(
        XenDomainConfig config, GuestStartOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        return PlanAsync(config, null, options, cancellationToken);
    }

    private async Task<PlannedChange<Guest>> PlanAsync(
        XenDomainConfig config, string? path, GuestStartOptions options, CancellationToken cancellationToken)
    {
        DomainConfiguration configuration = DomainConfiguration.FromXlConfig(config.Converted());
        string target = config.Path ?? configuration.Name;
        RequireSound(config, target);
        foreach (Finding finding in config.Findings.Where(f => f.Severity == FindingSeverity.Warning))
        {
            dom0.Reporter.Warning(finding.ToString());
        }

        foreach (ConversionEntry entry in config.Conversion.Where(e => e.Action is ConversionAction.Changed or ConversionAction.Dropped))
        {
            dom0.Reporter.Verbose(
                $"{entry.Setting} is {(entry.Action == ConversionAction.Changed ? "changed" : "left out")}: {entry.Reason}");
        }

        if (await domains.TryResolveAsync(DomainRef.Parse(configuration.Name), cancellationToken).ConfigureAwait(false) is { } running)
        {
            return await PlanForRunningAsync(running.Domid, configuration, target, options, cancellationToken).ConfigureAwait(false);
        }

        (DomainInfo?[] vifs, DomainInfo?[] disks) = await BackendsAsync(configuration, target, cancellationToken).ConfigureAwait(false);
        await RequireRunningAsync([.. vifs.Concat(disks).OfType<DomainInfo>().Where(d => d.Domid != 0)], target, cancellationToken)
            .ConfigureAwait(false);
        DomainCreator creator = new(dom0, domains);
        List<ChangeStep> steps = options.NoWait ? [] : [.. ReadinessSteps(vifs, options.Timeout)];
        if (path is null)
        {
            GeneratedConfigFile generated = await GeneratedConfigFile.PlanAsync(dom0.Files, config, configuration, cancellationToken)
                .ConfigureAwait(false);
            path = generated.Path;
            if (generated.Step is { } write)
            {
                steps.Add(write);
            }
        }

        ChangeStep create = creator.Step(configuration.Name, path, DriverDomainChecks.Addresses(configuration));
        IReadOnlyList<DomainInfo> unnoted = await ServerRecords.UnnotedAsync(
            await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false), Servers(vifs), cancellationToken).ConfigureAwait(false);
        steps.Add(create with
        {
            Parts =
            [
                new Course(
                    [.. Servers(vifs).Select(b => ServerRecords.Note(b.Name, b.Domid, b.Uuid))],
                    (hand, token) => NoteBackendsAsync(vifs, hand, token)),
                .. create.Parts,
            ],
            Undo = [.. create.Undo!, ServerRecords.Unnote(unnoted)],
        });
        AddChecks(
            steps, configuration, creator, [.. vifs.Select(v => v?.Domid ?? 0)], [.. disks.Select(d => d?.Domid ?? 0)], options);
        return new PlannedChange<Guest>(
            new ChangePlan($"Start the guest {configuration.Name}", steps),
            token => GuestPlans.ReadBackAsync(dom0, domains, creator.Made!, token));
    }

    // One that has the devices of the configuration is what was asked for, be it that the command is repeated, or that the one before was
    // killed while it waited for the vifs.
    private async Task<PlannedChange<Guest>> PlanForRunningAsync(
        int domid, DomainConfiguration configuration, string target, GuestStartOptions options, CancellationToken cancellationToken)
    {
        DomainInfo running = (await domains.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(d => d.Domid == domid)
            ?? throw AlreadyExists(configuration.Name, domid, "but is ending", target, "Wait until it is gone, and start the guest again.");
        if (DomainStop.Of(running.State, running.Name) is { } stop)
        {
            // One that is a driver domain has clients that want to come back.
            string remedy = await new DriverDomainFiles(dom0.Files).IsConfiguredAsync(running.Name, cancellationToken).ConfigureAwait(false)
                ? ServerRemedies.StopOf(stop.State, running.Name, isConfigured: true)!.Remedy
                : stop.Remedy;
            throw AlreadyExists(running.Name, domid, $"but does not run: {stop.Words}", target, remedy);
        }

        (DomainInfo?[] vifs, DomainInfo?[] disks) = await BackendsAsync(configuration, target, cancellationToken).ConfigureAwait(false);
        try
        {
            await VerifyDisksAsync(configuration, running, [.. disks.Select(d => d?.Domid ?? 0)], cancellationToken).ConfigureAwait(false);
            await VerifyAsync(configuration, running, [.. vifs.Select(v => v?.Domid ?? 0)], cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.ErrorId is ErrorIds.DiskBackendMismatch or ErrorIds.VifBackendMismatch)
        {
            throw AlreadyExists(running.Name, domid, $"and differs from the configuration: {e.Message.TrimEnd('.')}", target);
        }

        IReadOnlyList<PciAddress> has = await PciRecordReader.ServedAsync(
            await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false), domid, cancellationToken).ConfigureAwait(false);
        PciAddress[] missing = [.. DriverDomainChecks.Addresses(configuration).Except(has)];
        if (missing.Length > 0)
        {
            throw AlreadyExists(
                running.Name,
                domid,
                $"and differs from the configuration: it has no PCI device {string.Join(", ", missing)}",
                target);
        }

        return new PlannedChange<Guest>(
            new ChangePlan(
                $"Start the guest {running.Name}",
                vifs.Length == 0 || options.NoWait ? [] : [WaitStep(running.Name, () => running, options) with { MakesSure = true }]),
            token => GuestPlans.ReadBackAsync(dom0, domains, running, token));
    }

    private static XenDriverDomainException AlreadyExists(string name, int domid, string what, string target, string? remedy = null) => new(
        ErrorIds.DomainAlreadyExists,
        ErrorKind.AlreadyExists,
        $"A domain named {name} is there already (domid {domid}), {what}.",
        remedy ?? "Stop that domain first, or give the guest another name.",
        target);

    // libxl gives a back end ten seconds to take a new vif, and a driver domain that still boots needs more.
    private IEnumerable<ChangeStep> ReadinessSteps(IEnumerable<DomainInfo?> backends, TimeSpan timeout) =>
        Servers(backends).Select(d => new ProbeStep(dom0, xl).Step(
            d.Name, () => d, null, timeout, "Its console and xl dmesg tell more; -NoWait starts the guest all the same."));

    // Should one of them end, what it backed is known to have been its own.
    private static async Task NoteBackendsAsync(IEnumerable<DomainInfo?> backends, HostHand hand, CancellationToken cancellationToken)
    {
        foreach (DomainInfo backend in Servers(backends))
        {
            await ServerRecords.NoteAsync(hand, backend.Name, backend.Domid, backend.Uuid, cancellationToken).ConfigureAwait(false);
        }
    }

    // Each once, without dom0.
    private static IEnumerable<DomainInfo> Servers(IEnumerable<DomainInfo?> backends) =>
        backends.OfType<DomainInfo>().Where(d => d.Domid != 0).DistinctBy(d => d.Domid);

    private void AddChecks(
        List<ChangeStep> steps,
        DomainConfiguration configuration,
        DomainCreator creator,
        int[] vifs,
        int[] disks,
        GuestStartOptions options)
    {
        if (disks.Length > 0)
        {
            steps.Add(new ChangeStep(
                $"Verify the back ends of the {disks.Length} {(disks.Length == 1 ? "disk" : "disks")} of {configuration.Name}",
                new Look((_, token) => VerifyDisksAsync(configuration, creator.Made!, disks, token))));
        }

        if (vifs.Length == 0)
        {
            return;
        }

        steps.Add(new ChangeStep(
            $"Verify the back ends of the {vifs.Length} {(vifs.Length == 1 ? "vif" : "vifs")} of {configuration.Name}",
            new Look((_, token) => VerifyAsync(configuration, creator.Made!, vifs, token))));
        if (!options.NoWait)
        {
            steps.Add(WaitStep(configuration.Name, () => creator.Made!, options));
        }
    }

    private ChangeStep WaitStep(string name, Func<DomainInfo> guest, GuestStartOptions options) => new(
        $"Wait until the vifs of {name} are connected",
        new Look((_, token) => WaitAsync(guest(), options.Timeout, token)));

    private async Task<XenDomainConfig> ReadAsync(string path, GuestStartOptions options, CancellationToken cancellationToken)
    {
        byte[] bytes = await dom0.Files.TryReadAsync(ConfigPath.Check(path), XlConfigDocument.MaxBytes, cancellationToken)
                .ConfigureAwait(false)
            ?? throw new XenDriverDomainException(
                ErrorIds.GuestConfigNotFound,
                ErrorKind.NotFound,
                $"There is no configuration file {Terminal.Text.Show(path)} on {dom0.Id}.",
                "Give the full path of the guest's configuration file on dom0.",
                path);

        // What xl can start as it is, it starts as it is.
        return DomainConfigImporter.Read(bytes, path, DomainConfigFormat.Auto, options.Variables, DomainConfigFormat.Xl);
    }

    private static void RequireSound(XenDomainConfig config, string target)
    {
        Finding[] errors = [.. config.Findings.Where(f => f.Severity == FindingSeverity.Error)];
        if (errors.Length > 0)
        {
            throw Finding.ToException(errors, target);
        }
    }

    // The domain that backs each now, in the order of the file; null stands for dom0.
    private async Task<(DomainInfo?[] Vifs, DomainInfo?[] Disks)> BackendsAsync(
        DomainConfiguration configuration, string target, CancellationToken cancellationToken)
    {
        List<DomainInfo?> disks = [];
        foreach (DiskSpec disk in configuration.Disks)
        {
            disks.Add(await BackendAsync(disk.Backend, disk.ToString(), target, cancellationToken).ConfigureAwait(false));
        }

        List<DomainInfo?> vifs = [];
        foreach (VifSpec vif in configuration.Vifs)
        {
            vifs.Add(await BackendAsync(vif.Backend, vif.ToString(), target, cancellationToken).ConfigureAwait(false));
        }

        return ([.. vifs], [.. disks]);
    }

    private async Task<DomainInfo?> BackendAsync(
        DomainRef? named, string device, string target, CancellationToken cancellationToken)
    {
        if (named is not { } backend)
        {
            return null;
        }

        if (await domains.TryResolveAsync(backend, cancellationToken).ConfigureAwait(false) is { } running)
        {
            return running;
        }

        bool isConfigured = await new DriverDomainFiles(dom0.Files).IsConfiguredAsync(backend.ToString(), cancellationToken)
            .ConfigureAwait(false);
        throw new XenDriverDomainException(
            ErrorIds.GuestBackendNotRunning,
            ErrorKind.InvalidState,
            $"The domain '{backend}' that shall back '{Terminal.Text.Show(device)}' does not run.",
            isConfigured
                ? $"Start it first with Start-XenDriverDomain {backend}, or correct the name in the configuration."
                : "Correct the name in the configuration, or make such a driver domain first with New-XenDriverDomain -Start.",
            target);
    }

    // xl would wait ten seconds for each device that such a domain is to back, and give up.
    private async Task RequireRunningAsync(IReadOnlyList<DomainInfo> backends, string target, CancellationToken cancellationToken)
    {
        DomainStates states = backends.Count > 0
            ? await DomainStates.ReadAsync(xl, cancellationToken).ConfigureAwait(false)
            : DomainStates.NotAsked;
        foreach (DomainInfo backend in backends)
        {
            if (DomainStop.Of(states[backend.Domid], backend.Name) is { } stop)
            {
                bool isConfigured = await new DriverDomainFiles(dom0.Files).IsConfiguredAsync(backend.Name, cancellationToken)
                    .ConfigureAwait(false);
                throw new XenDriverDomainException(
                    stop.IsPaused ? ErrorIds.DomainPaused : ErrorIds.GuestBackendNotRunning,
                    ErrorKind.InvalidState,
                    $"{stop.Words}, and a device of the guest is to be backed by it.",
                    ServerRemedies.StopOf(stop.State, backend.Name, isConfigured)!.Remedy,
                    target);
            }
        }
    }

    private async Task<IReadOnlyList<VifRecord>> VifsAsync(DomainInfo guest, CancellationToken cancellationToken) =>
        await DeviceKinds.Vifs.ListAsync(
            await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false),
            guest.Domid,
            cancellationToken).ConfigureAwait(false);

    private async Task VerifyDisksAsync(
        DomainConfiguration configuration, DomainInfo guest, int[] backends, CancellationToken cancellationToken)
    {
        IReadOnlyList<DiskRecord> disks = await DeviceKinds.Disks.ListAsync(
            await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false),
            guest.Domid,
            cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < backends.Length; i++)
        {
            DiskSpec wanted = configuration.Disks[i];
            DiskRecord? disk = disks.FirstOrDefault(d => d.VirtualDevice == wanted.VirtualDevice);
            if (disk?.BackendDomid != backends[i])
            {
                throw new XenDriverDomainException(
                    ErrorIds.DiskBackendMismatch,
                    ErrorKind.InvalidState,
                    disk is null
                        ? $"{configuration.Name} has no disk {wanted.VirtualDevice}."
                        : $"The disk {wanted.VirtualDevice} of {configuration.Name} is backed by domid {disk.BackendDomid}, "
                            + $"not by {backends[i]}.",
                    "Look whether the back-end domain was restarted meanwhile, and start the guest again.",
                    configuration.Name);
            }
        }
    }

    private async Task VerifyAsync(
        DomainConfiguration configuration, DomainInfo guest, int[] backends, CancellationToken cancellationToken)
    {
        IReadOnlyList<VifRecord> vifs = await VifsAsync(guest, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < backends.Length; i++)
        {
            VifSpec wanted = configuration.Vifs[i];
            VifRecord? vif = wanted.Mac is { } mac ? vifs.FirstOrDefault(v => v.Mac == mac)
                : vifs.FirstOrDefault(v => v.Device.Devid == (wanted.DeviceId ?? i));
            if (vif?.BackendDomid != backends[i])
            {
                throw new XenDriverDomainException(
                    ErrorIds.VifBackendMismatch,
                    ErrorKind.InvalidState,
                    vif is null
                        ? $"{configuration.Name} has no vif '{Terminal.Text.Show(wanted.ToString())}'."
                        : $"The vif '{Terminal.Text.Show(wanted.ToString())}' of {configuration.Name} is backed by domid "
                            + $"{vif.BackendDomid}, not by {backends[i]}.",
                    "Look whether the back-end domain was restarted meanwhile, and start the guest again.",
                    configuration.Name);
            }
        }
    }

    private async Task WaitAsync(DomainInfo guest, TimeSpan timeout, CancellationToken cancellationToken)
    {
        IReadOnlyList<VifRecord> vifs = await VifsAsync(guest, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(vifs.Select(async vif =>
        {
            try
            {
                await DeviceKinds.Vifs.WaitAsync(dom0, xl, vif.Device, vif.BackendDomid, timeout, cancellationToken).ConfigureAwait(false);
            }
            catch (XenDriverDomainException e) when (e.ErrorId == ErrorIds.VifFrontendSilent)
            {
                // The back end is ready; what the guest makes of it is the guest's affair.
                dom0.Reporter.Warning(e.Message);
            }
        })).ConfigureAwait(false);
    }
}

/// <summary>How a guest is started.</summary>
public sealed record GuestStartOptions
{
    /// <summary>How long it may take until its interfaces are connected.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Effect;

    /// <summary>Returns as soon as the domain exists.</summary>
    public bool NoWait { get; init; }

    /// <summary>
    /// What stands behind the file's name in <c>xm create FILE beid=4</c>; a list is given once for each of its elements.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];
}
