using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends.Clients;

/// <summary>
/// The clients of a driver domain as its stop, its start and its restart see them: those that it serves now, and those that were cut off
/// from it by whatever and are to come back. They are recorded before the first of them is touched, and a record goes only when its vif
/// was seen connected, or its guest is gone.
/// </summary>
internal sealed class ReturningClients
{
    // For one that was attached already: what it lacks, if anything, is not much.
    private static readonly TimeSpan s_comingPatience = TimeSpan.FromSeconds(20);

    private readonly Dom0 _dom0;
    private readonly XlTool _xl;
    private readonly IXenStoreClient _store;
    private readonly string _server;

    private ReturningClients(Dom0 dom0, XlTool xl, IXenStoreClient store, string server)
    {
        _dom0 = dom0;
        _xl = xl;
        _store = store;
        _server = server;
    }

    /// <summary>The vifs that the driver domain serves now.</summary>
    public IReadOnlyList<VifRecord> Served { get; private init; } = [];

    /// <summary>
    /// Those that are cut off from it: recorded and not connected, or left behind on a domid that it had. One that a killed run attached
    /// and that is not connected yet is among them, and among the served.
    /// </summary>
    public IReadOnlyList<ClientRecord> CutOff { get; private init; } = [];

    /// <summary>Both, as they are to be connected again.</summary>
    public IReadOnlyList<ClientRecord> All { get; private init; } = [];

    /// <summary>Records that nothing is left to do for: the guest is gone, or its vif is connected, here or elsewhere.</summary>
    public IReadOnlyList<ClientRecord> Stale { get; private init; } = [];

    // A domid that it had, where nobody's vif hangs any more.
    private IReadOnlyList<int> StaleDomids { get; init; } = [];

    /// <summary>Vifs whose back end is gone, of which nobody knows whose it was.</summary>
    public IReadOnlyList<VifRecord> Strangers { get; private init; } = [];

    /// <summary>Looks.</summary>
    /// <param name="dom0">The host.</param>
    /// <param name="xl">Its xl.</param>
    /// <param name="server">The driver domain's name.</param>
    /// <param name="domid">Its domid; null when it does not run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ReturningClients> FindAsync(
        Dom0 dom0, XlTool xl, string server, int? domid, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        (IReadOnlyList<VifRecord> reading, IReadOnlyList<ClientRecord> records, IReadOnlyDictionary<int, string> servers,
            RunningGuests guests) = await Together.AllAsync(
                DeviceKinds.Vifs.ListAsync(store, cancellationToken),
                ClientRecords.ReadAllAsync(store, cancellationToken),
                ServerRecords.ReadAllAsync(store, cancellationToken),
                RunningGuests.ReadAsync(store, cancellationToken)).ConfigureAwait(false);
        VifRecord[] vifs = [.. reading.Where(v => v.GuestName is not null && v.Mac is not null)];

        List<ClientRecord> cutOff = [], stale = [];
        foreach (ClientRecord record in records.Where(r => r.Server == server))
        {
            int? guest = guests.Find(record);
            VifRecord? now = vifs.FirstOrDefault(v => v.Device.Guest == guest && v.Mac == record.Mac);
            bool elsewhere = now is not null && !now.IsCutOff && now.BackendDomid != domid;
            (guest is null || elsewhere || record.Mac is null ? stale : cutOff).Add(record);
        }

        // What stands in the toolstack's own record is newer than what was kept.
        List<VifRecord> served = [], strangers = [];
        List<ClientRecord> live = [];
        foreach (VifRecord vif in vifs)
        {
            ClientRecord client = ClientRecord.Of(vif, server, guests.UuidOf(vif.Device.Guest));
            bool isOwn = vif.BackendDomid == domid || (servers.TryGetValue(vif.BackendDomid, out string? name) && name == server);
            if (vif.BackendDomid == domid && !vif.IsCutOff)
            {
                served.Add(vif);
                live.Add(client);
                if (cutOff.Find(client.IsSame) is { } record)
                {
                    bool isBack = VifDiagnosis.ExplainEnds(vif).Status == VifStatus.Connected;
                    cutOff.RemoveAll(client.IsSame);
                    (isBack ? stale : cutOff).Add(isBack ? record : client);
                }
            }
            else if (vif.IsCutOff)
            {
                if (isOwn && !cutOff.Exists(client.IsSame))
                {
                    cutOff.Add(client);
                }
                else if (!isOwn && vif.BackendName is null && !servers.ContainsKey(vif.BackendDomid)
                    && !records.Any(r => r.IsSame(client)))
                {
                    strangers.Add(vif);
                }
            }
        }

        return new ReturningClients(dom0, xl, store, server)
        {
            Served = served,
            CutOff = cutOff,
            All = [.. live, .. cutOff.Where(c => !live.Exists(c.IsSame))],
            Stale = stale,
            StaleDomids =
            [
                .. servers.Where(s => s.Value == server && s.Key != domid && !guests.Has(s.Key) && vifs.All(v => v.BackendDomid != s.Key))
                    .Select(s => s.Key),
            ],
            Strangers = strangers,
        };
    }

    /// <summary>What is cut off from a driver domain now, as a sentence with how it comes back; null when nothing is.</summary>
    public static async Task<string?> DescribeAsync(
        Dom0 dom0, XlTool xl, string server, int? domid, CancellationToken cancellationToken)
    {
        ReturningClients now = await FindAsync(dom0, xl, server, domid, cancellationToken).ConfigureAwait(false);
        if (now.CutOff.Count == 0)
        {
            return null;
        }

        bool isConfigured = await new DriverDomainFiles(dom0.Files).IsConfiguredAsync(server, cancellationToken).ConfigureAwait(false);
        string way = isConfigured ? $"Start-XenDriverDomain or Restart-XenDriverDomain {server}" : $"New-XenDriverDomain {server} … -Start";
        return $"Cut off, and recorded to come back with {way}: {List(now.CutOff)}.";
    }

    /// <summary>For a person: the vifs, one after the other.</summary>
    public static string List(IEnumerable<ClientRecord> clients) => string.Join(", ", clients);

    /// <summary>Says which vifs hang in the air although nobody knows whose they were.</summary>
    public void TellStrangers()
    {
        foreach (VifRecord vif in Strangers)
        {
            string guest = vif.ShownGuest;
            _dom0.Reporter.Warning(
                $"The vif {vif.Device.Devid} ({vif.Mac}) of {guest} has lost its back end (domid {vif.BackendDomid}), "
                    + "and nothing tells which domain that was. "
                    + $"If it was {_server}: Get-XenGuestVif {guest} -Status Orphaned | Connect-XenGuestVif -Backend {_server}");
        }
    }

    /// <summary>The step that drops what is out of date; null when nothing is.</summary>
    public ChangeStep? DropStaleStep() => Stale.Count == 0 && StaleDomids.Count == 0
        ? null
        : new ChangeStep(
            Stale.Count == 0
                ? $"Drop the record of domids that {_server} had and nobody needs any more"
                : $"Drop the {(Stale.Count == 1 ? "record" : "records")} of {List(Stale)}, connected again or with a guest that is gone",
            [
                .. Stale.Count == 0 ? (StepPart[])[] : [ClientRecords.Remove(Stale)],
                new Course(
                    StaleDomids.Count == 0 ? [] : [ServerRecords.Forget(_server, StaleDomids)],
                    (hand, token) => ServerRecords.ForgetDeadAsync(hand, _server, token)),
            ]);

    /// <summary>The step that records clients before the first of them is touched; null when there are none.</summary>
    public ChangeStep? RecordStep(IReadOnlyList<ClientRecord> clients) => clients.Count == 0
        ? null
        : new ChangeStep(
            $"Record {(clients.Count == 1 ? "the client" : $"the {clients.Count} clients")} of {_server}, "
                + $"so that an interruption loses none: {List(clients)}",
            ClientRecords.Write(clients))
        {
            UndoDescription = $"Drop the {(clients.Count == 1 ? "record" : "records")} of {_server}'s clients",
            Undo =
            [
                new Course(
                    [.. clients.Select(client => new When(ClientRecords.IsServed(client), ClientRecords.Remove([client])))],
                    (hand, token) => ForgetConnectedAsync(clients, hand, token)),
            ],
        };

    /// <summary>The step that detaches a vif that is served.</summary>
    public ChangeStep DetachStep(VifRecord vif) => new(
        $"Detach the vif {vif.Device.Devid} ({vif.Mac}) from {vif.ShownGuest}",
        new Course(
            [DeviceKinds.Vifs.Detaching(vif.Device)],
            (hand, token) => DeviceKinds.Vifs.DetachAsync(hand, vif.Device, force: true, Patience.Detach, token)))
    {
        UndoDescription = $"Attach the vif {vif.Mac} to {vif.ShownGuest} again",
        Undo =
        [
            new Course(
                Announced(ClientRecord.Of(vif, _server, null), DomainRef.FromDomid(vif.BackendDomid)),
                (hand, token) => AttachAgainAsync(vif, hand, token)),
        ],
        IsUndoneAsync = async (_, token) =>
            await DeviceKinds.Vifs.TryReadAsync(_store, vif.Device, token).ConfigureAwait(false) is { } now
            && now.BackendDomid == vif.BackendDomid && now.Mac == vif.Mac
            && VifDiagnosis.ExplainEnds(now).Status == VifDiagnosis.ExplainEnds(vif).Status,
    };

    /// <summary>The step that connects clients to the driver domain; null when there are none.</summary>
    /// <param name="clients">The clients, which are recorded.</param>
    /// <param name="server">The driver domain, asked for when the step runs.</param>
    /// <param name="timeout">How long each may take.</param>
    public ChangeStep? ConnectStep(
        IReadOnlyList<ClientRecord> clients, Func<DomainInfo> server, TimeSpan timeout) => clients.Count == 0
        ? null
        : new ChangeStep(
            $"Connect {clients.Count} {(clients.Count == 1 ? "vif" : "vifs")} to {_server}: {List(clients)}",
            new Course(
                [
                    .. clients.SelectMany(c => (StepPart[])
                    [
                        .. Announced(c, DomainRef.Parse(_server)),
                        new WaitFor(
                            new NodeIs(DeviceKinds.Vifs.Device(c.GuestDomid, c.Devid).Frontend / "state", "4"), timeout),
                        ClientRecords.Remove([c]),
                    ]),
                ],
                (hand, token) => ConnectAsync(clients, server(), timeout, hand, token)))
        {
            KeepsEarlierSteps = true,
        };

    // What is connected need not be remembered; what is not stays remembered, and is named.
    private async Task ForgetConnectedAsync(IReadOnlyList<ClientRecord> clients, HostHand hand, CancellationToken cancellationToken)
    {
        IReadOnlyList<VifRecord> vifs = await DeviceKinds.Vifs.ListAsync(_store, cancellationToken).ConfigureAwait(false);
        RunningGuests guests = await RunningGuests.ReadAsync(_store, cancellationToken).ConfigureAwait(false);
        ClientRecord[] lost = [.. clients.Where(c => guests.Find(c) is { } guest
            && !vifs.Any(v => v.Device.Guest == guest && v.Mac == c.Mac && !v.IsCutOff))];
        await hand.RunAsync([ClientRecords.Remove([.. clients.Except(lost)])], cancellationToken).ConfigureAwait(false);
        if (lost.Length > 0)
        {
            throw CutOffFrom(
                $"{List(lost)} {(lost.Length == 1 ? "is" : "are")} cut off and {(lost.Length == 1 ? "stays" : "stay")} recorded");
        }
    }

    private async Task AttachAgainAsync(VifRecord vif, HostHand hand, CancellationToken cancellationToken)
    {
        ClientRecord client = ClientRecord.Of(vif, _server, null);
        if (await _store.TryReadAsync(XenPaths.Name(vif.BackendDomid), cancellationToken).ConfigureAwait(false) is null)
        {
            throw CutOffFrom($"{_server} (domid {vif.BackendDomid}) is gone; {client} stays cut off until it runs again");
        }

        await DeviceKinds.Vifs.DetachAsync(hand, vif.Device, force: true, Patience.UndoOfDevice, cancellationToken).ConfigureAwait(false);
        await AttachAsync(hand, vif.Device.Guest, vif.ShownGuest, vif.BackendDomid, client.Spec!, Patience.UndoOfDevice, cancellationToken)
            .ConfigureAwait(false);
    }

    // All of them are tried: one guest that does not answer must not keep the others off the net.
    private async Task ConnectAsync(
        IReadOnlyList<ClientRecord> clients,
        DomainInfo server,
        TimeSpan timeout,
        HostHand hand,
        CancellationToken cancellationToken)
    {
        List<(ClientRecord Client, XenDriverDomainException Why)> failures = [];
        foreach (ClientRecord client in clients)
        {
            try
            {
                RunningGuests guests = await RunningGuests.ReadAsync(_store, cancellationToken).ConfigureAwait(false);
                if (guests.Find(client) is not { } guest)
                {
                    hand.Reporter.Warning($"{client} is not connected again: its guest is gone.");
                }
                else
                {
                    await ConnectAsync(hand, client, guest, server, timeout, cancellationToken).ConfigureAwait(false);
                }

                await hand.RunAsync([ClientRecords.Remove([client])], cancellationToken).ConfigureAwait(false);
            }
            catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection)
            {
                failures.Add((client, e));
            }
        }

        await ServerRecords.ForgetDeadAsync(hand, _server, cancellationToken).ConfigureAwait(false);
        if (failures.Count > 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.DriverDomainClientsNotReconnected,
                ErrorKind.InvalidState,
                $"{server.Name} runs, but {failures.Count} of {clients.Count} {(clients.Count == 1 ? "vif" : "vifs")} did not come back: "
                    + string.Join(" ", failures.Select(f => $"{f.Client}: {f.Why.Message}")),
                $"Remove the cause, then run Start-XenDriverDomain {server.Name}: it connects those that are recorded.",
                server.Name,
                failures[0].Why);
        }
    }

    private async Task ConnectAsync(
        HostHand hand, ClientRecord client, int guest, DomainInfo server, TimeSpan timeout, CancellationToken cancellationToken)
    {
        VifSpec wanted = client.Spec!;
        IReadOnlyList<VifRecord> vifs = await DeviceKinds.Vifs.ListAsync(_store, guest, cancellationToken).ConfigureAwait(false);
        VifRecord? now = vifs.FirstOrDefault(v => v.Mac == client.Mac);
        if (now is not null && now.BackendDomid == server.Domid && await ComesAsync(now, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        if (now is not null)
        {
            await DeviceKinds.Vifs.DetachAsync(hand, now.Device, force: true, Patience.Detach, cancellationToken).ConfigureAwait(false);
        }

        // Somebody has given the number to another vif meanwhile.
        if (vifs.Any(v => v.Device.Devid == wanted.DeviceId && v.Mac != client.Mac))
        {
            wanted = wanted with { DeviceId = null };
        }

        VifRecord made = await AttachAsync(
            hand, guest, Terminal.Text.Show(client.GuestName), server.Domid, wanted, timeout, cancellationToken)
            .ConfigureAwait(false);
        VifSpec? has = VifSpecs.Of(made);
        if (has is null || has with { DeviceId = wanted.DeviceId } != wanted)
        {
            throw new XenDriverDomainException(
                ErrorIds.DriverDomainClientsNotReconnected,
                ErrorKind.InvalidState,
                $"it came back as '{Terminal.Text.Show(has?.ToString())}' instead of '{Terminal.Text.Show(wanted.ToString())}'.",
                "Look with Get-XenGuestVif, and disconnect it and connect it again as it should be.",
                server.Name);
        }
    }

    // One that a killed run had attached is perhaps on its way already.
    private async Task<bool> ComesAsync(VifRecord vif, CancellationToken cancellationToken)
    {
        if (VifDiagnosis.ExplainEnds(vif).Status is not (VifStatus.Connected or VifStatus.Waiting))
        {
            return false;
        }

        try
        {
            await DeviceKinds.Vifs.WaitAsync(_dom0, _xl, vif.Device, vif.BackendDomid, s_comingPatience, cancellationToken)
                .ConfigureAwait(false);
            return true;
        }
        catch (XenDriverDomainException e) when (e.Kind != ErrorKind.Connection)
        {
            return false;
        }
    }

    private static async Task<VifRecord> AttachAsync(
        HostHand hand, int guest, string name, int backend, VifSpec spec, TimeSpan timeout, CancellationToken cancellationToken)
    {
        SplitDevice made = await DeviceKinds.Vifs.AttachAsync(hand, guest, name, VifKind.Wanted(spec, backend), cancellationToken)
            .ConfigureAwait(false);
        return await DeviceKinds.Vifs.WaitAsync(hand.Dom0, hand.Xl, made, backend, timeout, cancellationToken).ConfigureAwait(false);
    }

    // What xl cannot be given is an error when its turn comes, and no reason to keep the others off the net.
    private static StepPart[] Announced(ClientRecord client, DomainRef backend)
    {
        try
        {
            return client.Spec is { } spec
                ? [DeviceKinds.Vifs.Attaching(
                    client.GuestDomid.ToString(CultureInfo.InvariantCulture), (spec with { Backend = backend }).ToArguments())]
                : [];
        }
        catch (XenDriverDomainException)
        {
            return [];
        }
    }

    private XenDriverDomainException CutOffFrom(string words) => new(
        ErrorIds.DriverDomainClientsNotReconnected,
        ErrorKind.InvalidState,
        words,
        $"Start-XenDriverDomain {_server} brings them back, or New-XenDriverDomain {_server} … -Start where its file is gone.",
        _server);
}
