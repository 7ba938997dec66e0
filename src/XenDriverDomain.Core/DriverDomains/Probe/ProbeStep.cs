using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Xl;

namespace XenDriverDomain.DriverDomains.Probe;

/// <summary>
/// The probe as a step: the last one of a driver domain's start, the first one of its clients'. A domain that does not serve in time is an
/// error with its own id.
/// </summary>
internal sealed class ProbeStep(Dom0 dom0, XlTool xl)
{
    private const string KeepStarting = "Start it with -NoWait to keep it running and look at its console.";

    // XEN_SCRIPT_DIR differs between builds; the one that dom0 has is the one libxl tells the driver domain to use.
    private static readonly string[] s_scripts =
        ["/etc/xen/scripts/vif-bridge", "/usr/local/etc/xen/scripts/vif-bridge", "/usr/pkg/etc/xen/scripts/vif-bridge"];

    private string? _script;

    /// <summary>What the probe found; null before.</summary>
    public Readiness? Found { get; private set; }

    /// <summary>Looks up in advance what the probe needs to know of dom0, so that the wait itself begins at once.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken) =>
        _script = await ScriptAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The step.</summary>
    /// <param name="name">The driver domain.</param>
    /// <param name="domain">The same, asked for when the step runs.</param>
    /// <param name="bridge">The bridge expected inside; null when it is not to be checked.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="wayOut">How to go on without what is missing, for the error's remedy.</param>
    public ChangeStep Step(
        string name,
        Func<DomainInfo> domain,
        string? bridge,
        TimeSpan timeout,
        string wayOut = KeepStarting) => new(
        bridge is null
            ? $"Wait until {name} serves network front ends"
            : $"Wait until {name} serves network front ends on its bridge {bridge}",
        Part(name, domain, bridge, timeout, wayOut));

    /// <summary>The wait itself. It looks by a throw-away device, which it takes out again: the domain itself stays as it is.</summary>
    public StepPart Part(string name, Func<DomainInfo> domain, string? bridge, TimeSpan timeout, string wayOut = KeepStarting) =>
        new Course(
            [
                new ByHand(
                    $"Not for a shell: a vif of dom0's is put into {name}'s back end, and taken out again once its hotplug script has",
                    $"answered, for {timeout.TotalSeconds:0} s at most. Look yourself that {name} has booted and runs xl devd, and then do",
                    "what follows."),
            ],
            async (_, token) =>
            {
                Found = await ProbeAsync(domain(), bridge, timeout, token).ConfigureAwait(false);
                if (Found.State != ReadinessState.Serving)
                {
                    bool isConfigured = await new DriverDomainFiles(dom0.Files).IsConfiguredAsync(name, token).ConfigureAwait(false);
                    throw ErrorOf(name, Found, timeout, wayOut, isConfigured);
                }
            });

    /// <summary>Probes once or until the time is over.</summary>
    public async Task<Readiness> ProbeAsync(
        DomainInfo domain, string? bridge, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string script = _script ?? await ScriptAsync(cancellationToken).ConfigureAwait(false);
        ReadinessProbe probe = new(
            await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false), xl, dom0.Time, dom0.Reporter, dom0.LetGoOn);
        Readiness found = await probe.RunAsync(
            new ProbeSpec(domain.Domid, domain.Name, bridge, script),
            timeout,
            cancellationToken).ConfigureAwait(false);
        return found with { Domid = domain.Domid };
    }

    private async Task<string> ScriptAsync(CancellationToken cancellationToken)
    {
        BulkAnswer answer = await dom0.Files.ReadManyAsync(new BulkQuery([], [], s_scripts), cancellationToken).ConfigureAwait(false);
        return s_scripts.FirstOrDefault(answer.Names.Contains) ?? s_scripts[0];
    }

    private static XenDriverDomainException ErrorOf(string name, Readiness found, TimeSpan timeout, string wayOut, bool isConfigured)
    {
        (string id, ErrorKind kind, string remedy) = found.State switch
        {
            ReadinessState.NoBackendDriver => (
                ErrorIds.DriverDomainNoBackendDriver, ErrorKind.Timeout,
                $"Have the image load xen-netback, or allow more time with -Timeout. {wayOut}"),
            ReadinessState.NoDevd => (
                ErrorIds.DriverDomainNoDevd, ErrorKind.Timeout, $"Have the image run xl devd (service xendriverdomain). {wayOut}"),
            ReadinessState.NoBridge => (
                ErrorIds.DriverDomainNoBridge, ErrorKind.InvalidState,
                $"Have the image create the bridge, or name the one it has. {wayOut}"),
            ReadinessState.Paused => (
                ErrorIds.DomainPaused, ErrorKind.InvalidState, $"Let it go on with xl unpause {name}, then run the same command again."),
            ReadinessState.NotRunning => (
                ErrorIds.DriverDomainDied,
                ErrorKind.InvalidState,
                ServerRemedies.OfEnded(name, isConfigured)),
            _ => (
                ErrorIds.DriverDomainScriptFailed, ErrorKind.InvalidState, $"Look at /var/log/xen/xen-hotplug.log inside. {wayOut}"),
        };
        string when = kind == ErrorKind.Timeout ? $" after {timeout.TotalSeconds:0} s" : string.Empty;
        return new XenDriverDomainException(id, kind, $"{name} does not serve{when}. {found.Detail}", remedy, name);
    }
}
