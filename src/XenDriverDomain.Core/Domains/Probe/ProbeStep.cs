using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Domains.Probe;

/// <summary>The probe as the last step of a start: a domain that does not serve in time is an error with its own id.</summary>
internal sealed class ProbeStep(Dom0 dom0)
{
    // XEN_SCRIPT_DIR differs between builds; the one that dom0 has is the one libxl tells the driver domain to use.
    private static readonly string[] s_scripts =
        ["/etc/xen/scripts/vif-bridge", "/usr/local/etc/xen/scripts/vif-bridge", "/usr/pkg/etc/xen/scripts/vif-bridge"];

    private string? _script;

    /// <summary>What the probe found; null before.</summary>
    public Readiness? Found { get; private set; }

    /// <summary>Looks up in advance what the probe needs to know of dom0, so that the wait itself begins at once.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken) => _script = await ScriptAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The step.</summary>
    public ChangeStep Step(string name, Func<DomainInfo> domain, string? bridge, TimeSpan timeout, IOperationReporter reporter) => new(
        bridge is null
            ? $"Wait until {name} serves network front ends"
            : $"Wait until {name} serves network front ends on its bridge {bridge}",
        async token =>
        {
            Found = await ProbeAsync(domain(), bridge, timeout, reporter, token).ConfigureAwait(false);
            if (Found.State != ReadinessState.Serving)
            {
                throw ErrorOf(name, Found, timeout);
            }
        });

    /// <summary>Probes once or until the time is over.</summary>
    public async Task<Readiness> ProbeAsync(
        DomainInfo domain, string? bridge, TimeSpan timeout, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        string script = _script ?? await ScriptAsync(cancellationToken).ConfigureAwait(false);
        ReadinessProbe probe = new(
            await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false), dom0.Time, dom0.LetGoOn);
        return await probe.RunAsync(
            new ProbeSpec(domain.Domid, domain.Name, bridge, script),
            timeout,
            reporter,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> ScriptAsync(CancellationToken cancellationToken)
    {
        BulkAnswer answer = await dom0.Files.ReadManyAsync(new BulkQuery([], [], s_scripts), cancellationToken).ConfigureAwait(false);
        return s_scripts.FirstOrDefault(answer.Names.Contains) ?? s_scripts[0];
    }

    private static XenDriverDomainException ErrorOf(string name, Readiness found, TimeSpan timeout)
    {
        const string Keep = "Start it with -NoWait to keep it running and look at its console.";
        (string id, ErrorKind kind, string remedy) = found.State switch
        {
            ReadinessState.NoBackendDriver => (
                ErrorIds.DriverDomainNoBackendDriver, ErrorKind.Timeout, $"Have the image load xen-netback, or allow more time with -Timeout. {Keep}"),
            ReadinessState.NoDevd => (
                ErrorIds.DriverDomainNoDevd, ErrorKind.Timeout, $"Have the image run xl devd (service xendriverdomain). {Keep}"),
            ReadinessState.NoBridge => (
                ErrorIds.DriverDomainNoBridge, ErrorKind.InvalidState, $"Have the image create the bridge, or name the one it has. {Keep}"),
            ReadinessState.NotRunning => (
                ErrorIds.DriverDomainDied, ErrorKind.InvalidState, "Look at its console log and at xl dmesg for why it ended."),
            _ => (
                ErrorIds.DriverDomainScriptFailed, ErrorKind.InvalidState, $"Look at /var/log/xen/xen-hotplug.log inside. {Keep}"),
        };
        string when = kind == ErrorKind.Timeout ? $" after {timeout.TotalSeconds:0} s" : string.Empty;
        return new XenDriverDomainException(id, kind, $"{name} does not serve{when}. {found.Detail}", remedy, name);
    }
}
