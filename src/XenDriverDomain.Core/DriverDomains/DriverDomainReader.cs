using XenDriverDomain.Access;
using XenDriverDomain.Backends;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.DriverDomains.Probe;
using XenDriverDomain.Pci;
using XenDriverDomain.Reporting;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.DriverDomains;

/// <summary>
/// Finds driver domains: those with a file, and running domains that have a PCI device, were created with
/// <c>driver_domain=1</c>, or back somebody's device. Looking changes nothing, so readiness is only inferred from clients.
/// </summary>
internal sealed class DriverDomainReader(Dom0 dom0, DomainDirectory domains)
{
    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<DriverDomain>> ListAsync(IOperationReporter reporter, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        return await ListAsync(store, DeviceKinds.Vifs.ListAsync(store, cancellationToken), reporter, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>All of them, by name, without a look at whether they serve.</summary>
    public async Task<IReadOnlyList<DriverDomain>> ListBrieflyAsync(IOperationReporter reporter, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        return await ListAsync(store, Task.FromResult<IReadOnlyList<VifRecord>>([]), reporter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether one that runs is a driver domain, by the same signs, without a look at the others.</summary>
    public static async Task<bool> IsServerAsync(
        Dom0 dom0, IXenStoreClient store, string name, int domid, CancellationToken cancellationToken) =>
        await IsFlaggedAsync(store, domid, cancellationToken).ConfigureAwait(false)
        || (await PciRecordReader.ServedDomainsAsync(store, cancellationToken).ConfigureAwait(false)).Contains(domid)
        || (await DomainClients.OfAsync(store, domid, cancellationToken).ConfigureAwait(false)).Any(c => c.GuestName is not null)
        || (await new DriverDomainFiles(dom0.Files).ListAsync(new SilentReporter(), cancellationToken).ConfigureAwait(false))
            .Any(f => f.Configuration.Name == name);

    // libxl makes ~/libxl for the domain to write in only with driver_domain=1 (libxl_create.c, libxl__domain_make).
    private static async Task<bool> IsFlaggedAsync(IXenStore store, int domid, CancellationToken cancellationToken) =>
        await store.TryReadAsync(XenPaths.Home(domid) / "libxl", cancellationToken).ConfigureAwait(false) is not null;

    private async Task<IReadOnlyList<DriverDomain>> ListAsync(
        IXenStoreClient store, Task<IReadOnlyList<VifRecord>> vifs, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<DomainInfo>> running = domains.ListAsync(cancellationToken);
        Task<IReadOnlyList<DriverDomainFile>> files = new DriverDomainFiles(dom0.Files).ListAsync(reporter, cancellationToken);
        Task<IReadOnlyList<DomainClient>> clients = DomainClients.ListAsync(store, cancellationToken);
        Task<IReadOnlyList<int>> owners = PciRecordReader.ServedDomainsAsync(store, cancellationToken);
        Task<ILookup<string, string>> pending = PendingAsync(store, vifs, cancellationToken);
        await Task.WhenAll(running, files, clients, vifs, owners, pending).ConfigureAwait(false);
        IReadOnlyList<DomainInfo> all = await running.ConfigureAwait(false);
        Findings findings = new(
            DomainStates.Of(all),
            await files.ConfigureAwait(false),
            (await clients.ConfigureAwait(false)).Where(c => c.GuestName is not null).ToLookup(c => c.BackendDomid),
            (await vifs.ConfigureAwait(false)).ToLookup(v => v.BackendDomid),
            (await owners.ConfigureAwait(false)).ToHashSet(),
            await pending.ConfigureAwait(false));
        DomainInfo[] others = [.. all.Where(d => d.Domid != 0)];
        DriverDomain?[] live = await Task.WhenAll(others.Select(d => ShowAsync(store, d, findings, cancellationToken)))
            .ConfigureAwait(false);
        HashSet<string> names = [.. others.Select(d => d.Name)];
        return
        [
            .. live.OfType<DriverDomain>()
                .Concat(findings.Files.Where(f => !names.Contains(f.Configuration.Name)).Select(f => Stopped(f, findings)))
                .OrderBy(d => d.Name, StringComparer.Ordinal)
                .ThenBy(d => d.Domid),
        ];
    }

    private async Task<DriverDomain?> ShowAsync(IXenStore store, DomainInfo domain, Findings findings, CancellationToken cancellationToken)
    {
        DriverDomainFile? file = findings.Files.FirstOrDefault(f => f.Configuration.Name == domain.Name);
        DomainClient[] clients = [.. findings.Clients[domain.Domid]];

        bool flagged = await IsFlaggedAsync(store, domain.Domid, cancellationToken).ConfigureAwait(false);
        bool owner = findings.PciOwners.Contains(domain.Domid);
        if (file is null && clients.Length == 0 && !flagged && !owner)
        {
            return null;
        }

        Readiness readiness = ReadinessOf(domain, file is not null, findings);
        return new DriverDomain
        {
            Dom0 = dom0.Id,
            Name = domain.Name,
            Domid = domain.Domid,
            State = domain.State,
            Readiness = readiness.State,
            ReadinessDetail = readiness.Detail,
            Type = domain.Type,
            MemoryMB = domain.MemoryMB,
            Vcpus = domain.Vcpus,
            Bridge = file?.Configuration.Bridge,
            PciDevice = owner ? await PciRecordReader.ServedAsync(store, domain.Domid, cancellationToken).ConfigureAwait(false) : [],
            Client = [.. clients.Select(c => c.ToString())],
            PendingClient = [.. findings.Pending[domain.Name]],
            ConfigPath = file?.Path,
            Uuid = domain.Uuid,
        };
    }

    // A vif that is connected proves it, as long as the domain still runs.
    private static Readiness ReadinessOf(DomainInfo domain, bool isConfigured, Findings findings) =>
        ServerRemedies.StopOf(domain.State, domain.Name, isConfigured) is { } stop
            ? Readiness.Of(stop) with { Detail = $"{Readiness.Of(stop).Detail} {stop.Remedy}" }
            : findings.Vifs[domain.Domid].Any(v => VifDiagnosis.Explain(v, findings.States).Status == VifStatus.Connected)
                ? new Readiness(ReadinessState.Serving, "It serves a connected vif.")
                : new Readiness(
                    ReadinessState.Unknown,
                    "Nothing that was looked at shows whether it serves"
                        + (isConfigured ? "; Start-XenDriverDomain probes it." : ": no vif is connected to it."));

    // By driver domain: recorded ones that are not connected, and those that hang on a domid that it had.
    private static async Task<ILookup<string, string>> PendingAsync(
        IXenStoreClient store, Task<IReadOnlyList<VifRecord>> reading, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClientRecord> records = await ClientRecords.ReadAllAsync(store, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<int, string> servers = await ServerRecords.ReadAllAsync(store, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<VifRecord> vifs = await reading.ConfigureAwait(false);
        List<ClientRecord> pending = [.. vifs
            .Where(v => v.BackendName is null && v.GuestName is not null && v.Mac is not null && servers.ContainsKey(v.BackendDomid))
            .Select(v => ClientRecord.Of(v, servers[v.BackendDomid], null))];
        if (records.Count > 0)
        {
            RunningGuests guests = await RunningGuests.ReadAsync(store, cancellationToken).ConfigureAwait(false);
            pending.AddRange(records.Where(r => guests.Find(r) is { } guest
                && !vifs.Any(v => v.Device.Guest == guest && v.Mac == r.Mac && !v.IsCutOff)
                && !pending.Exists(p => p.GuestDomid == guest && p.Mac == r.Mac)));
        }

        return pending.ToLookup(c => c.Server, c => c.ToString());
    }

    private DriverDomain Stopped(DriverDomainFile file, Findings findings)
    {
        DomainConfiguration configuration = file.Configuration;
        return new DriverDomain
        {
            Dom0 = dom0.Id,
            Name = Terminal.Text.Show(configuration.Name),
            Readiness = ReadinessState.NotRunning,
            ReadinessDetail = "It is configured, and does not run.",
            Type = configuration.Type,
            MemoryMB = configuration.MemoryMB,
            Vcpus = configuration.Vcpus ?? 1,
            Bridge = configuration.Bridge,
            PciDevice = DriverDomainChecks.Addresses(configuration),
            PendingClient = [.. findings.Pending[configuration.Name]],
            ConfigPath = file.Path,
        };
    }

    private sealed record Findings(
        DomainStates States,
        IReadOnlyList<DriverDomainFile> Files,
        ILookup<int, DomainClient> Clients,
        ILookup<int, VifRecord> Vifs,
        IReadOnlySet<int> PciOwners,
        ILookup<string, string> Pending);
}
