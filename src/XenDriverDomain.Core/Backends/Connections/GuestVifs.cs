using XenDriverDomain.Access;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends.Connections;

/// <summary>The vifs of a host, from xenstore; changed by xl and verified in xenstore.</summary>
public sealed class GuestVifs
{
    private readonly Dom0 _dom0;
    private readonly XlTool _xl;
    private readonly DomainDirectory _domains;

    /// <summary>Creates the service on a host.</summary>
    public GuestVifs(Dom0 dom0, XlTool xl, DomainDirectory domains)
    {
        _dom0 = dom0;
        _xl = xl;
        _domains = domains;
    }

    /// <summary>All vifs that the toolstack knows (/libxl/G/device/vif), also those whose back end is gone; by guest and devid.</summary>
    public async Task<IReadOnlyList<GuestVif>> ListAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<DomainStates> asking = DomainStates.ReadAsync(_xl, giveUp.Token);
        Found found;
        try
        {
            found = await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // xl must not outlive this call.
            await giveUp.CancelAsync().ConfigureAwait(false);
            await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await ShowAsync(found, await asking.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The same vifs without a look at whether their domains run: one that would be Connected is left <see cref="VifStatus.Unknown"/>.
    /// </summary>
    public async Task<IReadOnlyList<GuestVif>> ListBrieflyAsync(CancellationToken cancellationToken) =>
        await ShowAsync(await ReadAsync(cancellationToken).ConfigureAwait(false), DomainStates.NotAsked, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>The bridges that the vifs were connected to, each once, as their configuration has them.</summary>
    public async Task<IReadOnlyList<string>> ListBridgesAsync(CancellationToken cancellationToken)
    {
        IXenStoreClient store = await _dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<SplitDevice> vifs = await DeviceReader.FindAsync(store, DeviceKinds.Vifs.Name, null, cancellationToken)
            .ConfigureAwait(false);
        string?[] bridges = await Task.WhenAll(
            vifs.Select(v => store.TryReadTextAsync(v.Record / "bridge", cancellationToken).AsTask())).ConfigureAwait(false);
        return [.. bridges.OfType<string>().Distinct(StringComparer.Ordinal).Select(bridge => Text.Show(bridge))];
    }

    /// <summary>Checks a request and plans the new vif: attach, wait for both ends, verify the back end.</summary>
    /// <exception cref="XenDriverDomainException">A refusal; nothing was touched.</exception>
    public Task<PlannedChange<GuestVif?>> PlanConnectAsync(
        ConnectVifRequest request, CancellationToken cancellationToken) =>
        new VifConnectPlanner(_dom0, _xl, _domains).PlanAsync(request, cancellationToken);

    /// <summary>Plans the removal of one vif, which works although its back end died.</summary>
    public Task<PlannedChange<bool>> PlanDisconnectAsync(
        GuestVif vif, DisconnectVifOptions options, CancellationToken cancellationToken) =>
        new VifDisconnectPlanner(_dom0).PlanAsync(vif, options, cancellationToken);

    // A vif that is cut off: the guest has nothing of it now.
    private static GuestVif Show(string dom0, ClientRecord record, int guest, bool isConfigured) => new()
    {
        Dom0 = dom0,
        Guest = Text.Show(record.GuestName),
        GuestDomid = guest,
        Devid = record.Devid,
        Mac = record.Mac,
        Backend = Text.Show(record.Server),
        BackendDomid = record.BackendDomid,
        Bridge = Shown(record.Settings, "bridge"),
        Script = Shown(record.Settings, "script"),
        Rate = VifSpecs.RateOf(record.Settings),
        Mtu = VifSpecs.MtuOf(record.Settings),
        VifName = Shown(record.Settings, "vifname"),
        Status = VifStatus.CutOff,
        Finding = new Finding(
            ErrorIds.VifBackendGone,
            FindingSeverity.Error,
            $"vif {record.Devid} of {Text.Show(record.GuestName)}",
            $"It is cut off from {Text.Show(record.Server)}, and recorded to come back.",
            ServerRemedies.OfClient(Text.Show(record.Server), isConfigured, Text.Show(record.GuestName), record.Mac?.ToString())),
    };

    private static string? Shown(IReadOnlyDictionary<string, string> settings, string key) =>
        settings.GetValueOrDefault(key) is { Length: > 0 } value ? Text.Show(value) : null;

    /// <summary>A record as users see it.</summary>
    internal static GuestVif Show(string dom0, VifRecord vif, DomainStates states, bool? isConfigured = null)
    {
        DeviceHealth health = VifDiagnosis.Explain(vif, states, isConfigured);
        return new GuestVif
        {
            Dom0 = dom0,
            Guest = vif.ShownGuest,
            GuestDomid = vif.Device.Guest,
            Devid = vif.Device.Devid,
            Mac = vif.Mac,
            Backend = vif.BackendName is null ? null : Text.Show(vif.BackendName),
            BackendDomid = vif.BackendDomid,
            Bridge = vif.Bridge is null ? null : Text.Show(vif.Bridge),
            Script = Shown(vif.Settings, "script"),
            Rate = VifSpecs.RateOf(vif.Settings),
            Mtu = VifSpecs.MtuOf(vif.Settings),
            VifName = Shown(vif.Settings, "vifname"),
            FrontendState = vif.FrontendState,
            BackendState = vif.BackendState,
            HotplugStatus = string.IsNullOrEmpty(vif.HotplugStatus) ? null : Text.Show(vif.HotplugStatus, 40),
            Status = health.Status,
            Finding = health.Finding,
        };
    }

    private async Task<Found> ReadAsync(CancellationToken cancellationToken)
    {
        IXenStoreClient store = await _dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        (IReadOnlyList<VifRecord> reading, IReadOnlyList<ClientRecord> records, IReadOnlyDictionary<int, string> noted) =
            await Together.AllAsync(
                DeviceKinds.Vifs.ListAsync(store, cancellationToken),
                ClientRecords.ReadAllAsync(store, cancellationToken),
                ServerRecords.ReadAllAsync(store, cancellationToken)).ConfigureAwait(false);
        RunningGuests? guests = records.Count == 0 ? null : await RunningGuests.ReadAsync(store, cancellationToken).ConfigureAwait(false);
        return new Found(reading, records, guests, noted);
    }

    private async Task<IReadOnlyList<GuestVif>> ShowAsync(Found found, DomainStates states, CancellationToken cancellationToken)
    {
        // Which driver domains can be started again matters only where one is missed.
        bool isMissed = found.Records.Count > 0
            || found.Vifs.Any(v => v.IsCutOff || states[v.BackendDomid] is DomainState.Crashed or DomainState.Shutdown);
        IReadOnlySet<string> configured = isMissed
            ? await new DriverDomainFiles(_dom0.Files).ListNamesAsync(cancellationToken).ConfigureAwait(false)
            : new HashSet<string>();
        List<GuestVif> shown = [];
        foreach (VifRecord vif in found.Vifs)
        {
            GuestVif one = Show(_dom0.Id, vif, states, vif.BackendName is { } backend && configured.Contains(backend));
            shown.Add(one is { Status: VifStatus.Orphaned, Finding: { } finding } && vif.BackendName is null
                && found.ServerOf(vif) is { } name
                    ? one with
                    {
                        Finding = finding with
                        {
                            Cause = $"{finding.Cause} It was {Text.Show(name)}.",
                            Remedy = ServerRemedies.OfClient(Text.Show(name), configured.Contains(name), one.Guest, one.Mac?.ToString()),
                        },
                    }
                    : one);
        }

        foreach (ClientRecord record in found.Records)
        {
            if (found.Guests?.Find(record) is { } guest && !found.Vifs.Any(v => v.Device.Guest == guest && v.Mac == record.Mac))
            {
                shown.Add(Show(_dom0.Id, record, guest, configured.Contains(record.Server)));
            }
        }

        shown.Sort((a, b) => (a.GuestDomid, a.Devid).CompareTo((b.GuestDomid, b.Devid)));
        return shown;
    }

    private sealed record Found(
        IReadOnlyList<VifRecord> Vifs,
        IReadOnlyList<ClientRecord> Records,
        RunningGuests? Guests,
        IReadOnlyDictionary<int, string> Servers)
    {
        // What a vif's back end was called, by the domid that it had, or by the record of the vif itself.
        public string? ServerOf(VifRecord vif) => Servers.GetValueOrDefault(vif.BackendDomid)
            ?? (vif.Mac is null ? null : Records.FirstOrDefault(r => r.Mac == vif.Mac && Guests?.Find(r) == vif.Device.Guest)?.Server);
    }
}
