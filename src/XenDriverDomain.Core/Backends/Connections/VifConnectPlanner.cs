using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends.Connections;

/// <summary>
/// Checks a request for a vif and plans it: the guest's file first, then the running guest, then the wait for both ends. A vif of the guest
/// that is what is asked for is taken as it is, and one that lost its back end is replaced, not doubled.
/// </summary>
internal sealed class VifConnectPlanner(Dom0 dom0, XlTool xl, DomainDirectory domains)
{
    // What xl takes when no bridge is named (xl.conf(5), vif.default.bridge).
    private const string XlDefaultBridge = "xenbr0";
    private const int DefaultMtu = 1500;

    /// <summary>Looks, refuses, or plans.</summary>
    public async Task<PlannedChange<GuestVif?>> PlanAsync(
        ConnectVifRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Guest is null && request.ConfigPath is null)
        {
            throw new XenDriverDomainException(
                ErrorIds.VifRequestInvalid,
                ErrorKind.InvalidArgument,
                "A vif needs a running guest, a guest's configuration file, or both.",
                "Name the guest, or give the path of its configuration file on dom0.");
        }

        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        DomainInfo backend = await domains.ResolveAsync(request.Backend, cancellationToken).ConfigureAwait(false);
        DomainInfo? guest = request.Guest is { } named
            ? await domains.ResolveAsync(named, cancellationToken).ConfigureAwait(false)
            : null;
        if (guest?.Domid == backend.Domid)
        {
            throw new XenDriverDomainException(
                ErrorIds.VifBackendIsGuest,
                ErrorKind.InvalidArgument,
                $"{guest.Name} cannot back its own vif.",
                "Name the driver domain as the back end.",
                request.Guest);
        }

        GuestConfigFile? file = request.ConfigPath is { } path
            ? await GuestConfigFile.ReadAsync(dom0.Files, ConfigPath.Check(path), cancellationToken).ConfigureAwait(false)
            : null;
        string bridge = request.Bridge ?? await DefaultBridgeAsync(backend, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<VifRecord> existing = await DeviceKinds.Vifs.ListAsync(store, cancellationToken).ConfigureAwait(false);
        ClientRecord? back = null;
        if (guest is not null)
        {
            IReadOnlyList<VifRecord> own = [.. existing.Where(v => v.Device.Guest == guest.Domid)];
            if (Connected(own, backend, bridge, request) is { } there)
            {
                return await PlanAsItIsAsync(store, file, guest, backend, there, request, cancellationToken).ConfigureAwait(false);
            }

            back = await FindLostAsync(store, own, guest, backend, bridge, request, cancellationToken).ConfigureAwait(false);
        }

        MacAddress mac = back?.Mac ?? request.Mac ?? Unattached(file, guest, backend, bridge, existing, request) ?? Unused(existing);
        VifSpec spec = back is null ? VifSpecs.Of(request, mac, bridge) : VifSpecs.Of(request, back);
        RefuseDuplicate(existing, guest, mac, back);
        RefuseNumber(existing, guest, spec);

        List<ChangeStep> steps = [];
        AddFileStep(steps, file, backend, spec);
        if (guest is not null)
        {
            IReadOnlyList<DomainInfo> unnoted = await ServerRecords.UnnotedAsync(store, [backend], cancellationToken).ConfigureAwait(false);
            AddAttachSteps(steps, guest, backend, unnoted, spec, back, request);
        }

        return Planned(store, guest, backend, mac, request, steps);
    }

    private static void AddFileStep(List<ChangeStep> steps, GuestConfigFile? file, DomainInfo backend, VifSpec spec)
    {
        if (file is not null && file.IndexOf(spec.Mac!.Value) < 0)
        {
            string line = (spec with { Backend = DomainRef.Parse(backend.Name) }).ToString();
            steps.Add(file.WriteStep($"Add the vif '{line}' to {file.Path}", file.Document.WithListItem("vif", line)));
        }
    }

    private PlannedChange<GuestVif?> Planned(
        IXenStoreClient store, DomainInfo? guest, DomainInfo backend, MacAddress mac, ConnectVifRequest request,
        List<ChangeStep> steps) => new(
        new ChangePlan($"Connect {guest?.Name ?? request.ConfigPath} to {backend.Name}", steps)
        {
            DescribeStateAsync = guest is null ? null : token => DescribeAsync(store, guest, mac, token),
        },
        async token => guest is not null
            && await FindAsync(store, guest.Domid, mac, token).ConfigureAwait(false) is { } now
            ? GuestVifs.Show(dom0.Id, now, await DomainStates.ReadAsync(xl, token).ConfigureAwait(false))
            : null);

    // What is asked for is there already: only the file can lack it, and both ends can still be on their way.
    private async Task<PlannedChange<GuestVif?>> PlanAsItIsAsync(
        IXenStoreClient store,
        GuestConfigFile? file,
        DomainInfo guest,
        DomainInfo backend,
        VifRecord there,
        ConnectVifRequest request,
        CancellationToken cancellationToken)
    {
        DomainStates states = await DomainStates.ReadAsync(xl, cancellationToken).ConfigureAwait(false);
        List<ChangeStep> steps = [];
        AddFileStep(steps, file, backend, VifSpecs.Of(there)! with { DeviceId = null });
        if (!request.NoWait && VifDiagnosis.Explain(there, states).Status != VifStatus.Connected)
        {
            steps.Add(new ChangeStep(
                $"Wait until {guest.Name} and {backend.Name} are connected",
                DeviceKinds.Vifs.Waiting(
                    backend.Domid, guest.Domid, ("mac", there.Mac?.ToString() ?? string.Empty), request.Timeout, () => there.Device)));
        }

        return Planned(store, guest, backend, there.Mac!.Value, request, steps);
    }

    // The guest's vif that is what the request means, be it that the same command was run before; null when there is none.
    private static VifRecord? Connected(IReadOnlyList<VifRecord> own, DomainInfo backend, string bridge, ConnectVifRequest request)
    {
        VifRecord? there = own.FirstOrDefault(v => v.BackendDomid == backend.Domid && !v.IsCutOff && v.Mac is not null
            && (request.Mac is { } mac
                ? v.Mac == mac
                : !request.Additional && (v.Bridge ?? XlDefaultBridge) == bridge && (request.Devid ?? v.Device.Devid) == v.Device.Devid
                    && VifDiagnosis.ExplainEnds(v).Status is VifStatus.Connected or VifStatus.Waiting));
        if (there is not null && Differences(there, request) is { Count: > 0 } differences)
        {
            throw new XenDriverDomainException(
                ErrorIds.VifAlreadyConnected,
                ErrorKind.AlreadyExists,
                $"{there.ShownGuest} has the vif {there.Device.Devid} ({there.Mac}) to {backend.Name} already, "
                    + $"with {string.Join(", ", differences)}.",
                "Disconnect that vif first, or connect another beside it with -Additional.",
                request.Guest);
        }

        return there;
    }

    private static List<string> Differences(VifRecord there, ConnectVifRequest request)
    {
        List<string> found = [];
        Compare("the bridge", Terminal.Text.Show(there.Bridge ?? XlDefaultBridge), request.Bridge);
        Compare("the number", $"{there.Device.Devid}", request.Devid?.ToString(CultureInfo.InvariantCulture));
        Compare("the MTU", $"{VifSpecs.MtuOf(there.Settings) ?? DefaultMtu}", request.Mtu?.ToString(CultureInfo.InvariantCulture));
        Compare("the name", Terminal.Text.Show(there.Settings.GetValueOrDefault("vifname") ?? "of its numbers"), request.VifName);
        string script = Terminal.Text.Show(there.Settings.GetValueOrDefault("script") ?? "vif-bridge");
        bool isSameScript = request.Script is { } asked && !asked.StartsWith('/') && script.EndsWith($"/{asked}", StringComparison.Ordinal);
        Compare("the script", script, isSameScript ? script : request.Script);
        if (request.Rate is { } rate && VifSpecs.StoredRate(rate) != there.Settings.GetValueOrDefault("rate"))
        {
            Compare("the rate", Terminal.Text.Show(VifSpecs.RateOf(there.Settings) ?? "unlimited"), rate);
        }

        return found;

        void Compare(string what, string has, string? wanted)
        {
            if (wanted is not null && wanted != has)
            {
                found.Add($"{what} {has} instead of {Terminal.Text.Show(wanted)}");
            }
        }
    }

    // The guest's vif that is meant and has lost its back end: left behind by a domain that is gone, or detached and recorded.
    private static async Task<ClientRecord?> FindLostAsync(
        IXenStoreClient store,
        IReadOnlyList<VifRecord> own,
        DomainInfo guest,
        DomainInfo backend,
        string bridge,
        ConnectVifRequest request,
        CancellationToken cancellationToken)
    {
        if (request.Additional && request.Mac is null)
        {
            return null;
        }

        IReadOnlyDictionary<int, string> servers = await ServerRecords.ReadAllAsync(store, cancellationToken).ConfigureAwait(false);
        RunningGuests guests = await RunningGuests.ReadAsync(store, cancellationToken).ConfigureAwait(false);
        ClientRecord[] recorded = [.. (await ClientRecords.ReadAllAsync(store, cancellationToken).ConfigureAwait(false))
            .Where(r => guests.Find(r) == guest.Domid && r.Mac is not null)];
        IEnumerable<ClientRecord> left = own.Where(v => v.IsCutOff && v.Mac is not null).Select(v => ClientRecord.Of(
            v,
            v.BackendDomid == backend.Domid ? backend.Name : servers.GetValueOrDefault(v.BackendDomid) ?? string.Empty,
            guests.UuidOf(guest.Domid)));
        return left.Concat(recorded.Where(r => own.All(v => v.Mac != r.Mac))).FirstOrDefault(c => request.Mac is { } mac
            ? c.Mac == mac
            : c.Server == backend.Name && (c.Bridge ?? XlDefaultBridge) == bridge && (request.Devid ?? c.Devid) == c.Devid);
    }

    private static async Task<string> DescribeAsync(IXenStoreClient store, DomainInfo guest, MacAddress mac, CancellationToken token)
    {
        VifRecord? left = await FindAsync(store, guest.Domid, mac, token).ConfigureAwait(false);
        return left is null
            ? $"{guest.Name} has no vif {mac}."
            : $"{guest.Name} has the vif {left.Device.Devid} ({mac}). {VifDiagnosis.ExplainEnds(left).Finding?.Cause}";
    }

    private static void RefuseDuplicate(IReadOnlyList<VifRecord> existing, DomainInfo? guest, MacAddress mac, ClientRecord? back)
    {
        VifRecord? owner = existing.FirstOrDefault(v => v.Mac == mac && v.GuestName is not null
            && (back is null || v.Device.Guest != guest?.Domid));
        if (owner is not null && guest is not null)
        {
            throw new XenDriverDomainException(
                ErrorIds.VifMacInUse,
                ErrorKind.InUse,
                $"The vif {owner.Device.Devid} of {owner.ShownGuest} (backed by domid {owner.BackendDomid}) has the MAC address "
                    + $"{mac} already.",
                "Disconnect that vif first, or choose another address.",
                mac);
        }
    }

    private static void RefuseNumber(IReadOnlyList<VifRecord> existing, DomainInfo? guest, VifSpec spec)
    {
        if (guest is not null && spec.DeviceId is { } devid
            && existing.FirstOrDefault(v => v.Device == DeviceKinds.Vifs.Device(guest.Domid, devid) && v.Mac != spec.Mac) is { } other)
        {
            throw new XenDriverDomainException(
                ErrorIds.VifAlreadyConnected,
                ErrorKind.AlreadyExists,
                $"{guest.Name} has another vif with the number {devid} ({other.Mac}, backed by domid {other.BackendDomid}).",
                "Choose another number, leave it out, or disconnect that vif first.",
                devid);
        }
    }

    private static MacAddress Unused(IReadOnlyList<VifRecord> existing)
    {
        while (true)
        {
            MacAddress mac = MacAddress.NewRandom();
            if (existing.All(v => v.Mac != mac))
            {
                return mac;
            }
        }
    }

    // The file lists a vif of this back end and bridge that no guest has: a run that was killed between the file and the guest. Where only
    // the file is meant, the one in it is what was asked for.
    private static MacAddress? Unattached(
        GuestConfigFile? file,
        DomainInfo? guest,
        DomainInfo backend,
        string bridge,
        IReadOnlyList<VifRecord> existing,
        ConnectVifRequest request) =>
        file?.Vifs.FirstOrDefault(v => v.Mac is { } mac && v.Backend is { } named && named.Name == backend.Name
            && (v.Bridge ?? XlDefaultBridge) == bridge
            && (existing.All(e => e.Mac != mac) || (guest is null && !request.Additional)))?.Mac;

    private async Task<string> DefaultBridgeAsync(DomainInfo backend, CancellationToken cancellationToken)
    {
        string? expected = await new DriverDomainFiles(dom0.Files).TryReadBridgeAsync(backend.Name, cancellationToken)
            .ConfigureAwait(false);
        string bridge = expected ?? XlDefaultBridge;
        dom0.Reporter.Verbose(expected is null
            ? $"No bridge was named, and {backend.Name} has none in its configuration: taking {bridge}, as xl would."
            : $"No bridge was named: taking {bridge}, which {backend.Name}'s configuration names.");
        return bridge;
    }

    private static void AddAttachSteps(
        List<ChangeStep> steps,
        DomainInfo guest,
        DomainInfo backend,
        IReadOnlyList<DomainInfo> unnoted,
        VifSpec spec,
        ClientRecord? back,
        ConnectVifRequest request)
    {
        SplitDevice? attached = null;
        WantedDevice<VifRecord> wanted = VifKind.Wanted(spec, backend.Domid);
        if (back is not null)
        {
            AddReplaceSteps(steps, guest, backend, back);
        }

        steps.Add(new ChangeStep(
            $"Attach a vif {spec.Mac} to {guest.Name}, backed by {backend.Name} (domid {backend.Domid}), bridge {spec.Bridge}",
            new Course(
                [
                    .. backend.Domid == 0 ? (StepPart[])[] : [ServerRecords.Note(backend.Name, backend.Domid, backend.Uuid)],
                    DeviceKinds.Vifs.Attaching(guest.Domid.ToString(CultureInfo.InvariantCulture), wanted.Arguments),
                ],
                async (hand, token) =>
                {
                    await ServerRecords.NoteAsync(hand, backend.Name, backend.Domid, backend.Uuid, token).ConfigureAwait(false);
                    attached = await DeviceKinds.Vifs.AttachAsync(hand, guest.Domid, guest.Name, wanted, token).ConfigureAwait(false);
                }))
        {
            UndoDescription = $"Detach the vif {spec.Mac} from {guest.Name}",
            Undo =
            [
                new Course(
                    [DeviceKinds.Vifs.Detaching(guest.Domid, spec.Mac!.Value.ToString())],
                    async (hand, token) =>
                    {
                        if (await FindAsync(hand, guest, spec.Mac!.Value, token).ConfigureAwait(false) is { } made)
                        {
                            await DeviceKinds.Vifs.DetachAsync(hand, made.Device, force: true, Patience.UndoOfDevice, token)
                                .ConfigureAwait(false);
                        }

                        await ServerRecords.ForgetDeadAsync(hand, backend.Name, token).ConfigureAwait(false);
                    }),
                ServerRecords.Unnote(unnoted),
            ],
            IsUndoneAsync = async (hand, token) =>
                await FindAsync(hand, guest, spec.Mac!.Value, token).ConfigureAwait(false) is null
                    && await ServerRecords.NotedInVainAsync(
                        await hand.Dom0.GetXenStoreAsync(token).ConfigureAwait(false), unnoted, token).ConfigureAwait(false) is [],
        });
        if (!request.NoWait)
        {
            steps.Add(new ChangeStep(
                $"Wait until {guest.Name} and {backend.Name} are connected",
                DeviceKinds.Vifs.Waiting(
                    backend.Domid, guest.Domid, ("mac", spec.Mac!.Value.ToString()), request.Timeout, () => attached!.Value)));
        }

        if (back is not null)
        {
            // Under the name of its new back end, where it was recorded before it was touched, and under that of the old one, which is
            // not known of every orphan.
            ClientRecord moved = back with { Server = backend.Name };
            ClientRecord[] records = back.Server is "" || back.Server == backend.Name ? [moved] : [moved, back];
            steps.Add(new ChangeStep(
                $"Drop the record of the vif {spec.Mac}, which is back",
                new Course([ClientRecords.Remove(records)], (hand, token) => DropRecordsAsync(hand, guest, spec.Mac!.Value, token))));
        }
    }

    // The front end cannot move: what is left of the old one is taken away first, and recorded before that.
    private static void AddReplaceSteps(List<ChangeStep> steps, DomainInfo guest, DomainInfo backend, ClientRecord back)
    {
        SplitDevice device = DeviceKinds.Vifs.Device(guest.Domid, back.Devid);
        ClientRecord record = back with { Server = backend.Name };
        steps.Add(new ChangeStep(
            $"Record {record}, so that an interruption does not lose it",
            ClientRecords.Write([record]))
        {
            UndoDescription = $"Drop the record of {record}",
            Undo =
            [
                new Look(async (hand, token) =>
                {
                    // As long as nothing else knows of the vif, the record stays.
                    if (await FindAsync(hand, guest, back.Mac!.Value, token).ConfigureAwait(false) is null)
                    {
                        throw new XenDriverDomainException(
                            ErrorIds.DriverDomainClientsNotReconnected,
                            ErrorKind.InvalidState,
                            $"{record} is cut off and stays recorded; the same command again connects it",
                            string.Empty);
                    }
                }),
                new When(ClientRecords.IsKnown(record), ClientRecords.Remove([record])),
            ],
        });
        steps.Add(new ChangeStep(
            $"Clear away what the dead back end (domid {back.BackendDomid}) left of the vif {back.Devid} of {guest.Name}",
            new Course([DeviceKinds.Vifs.Detaching(device)], async (hand, token) =>
            {
                IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(token).ConfigureAwait(false);
                if (await DeviceKinds.Vifs.TryReadAsync(store, device, token).ConfigureAwait(false) is { } left && left.Mac == back.Mac)
                {
                    await DeviceKinds.Vifs.DetachAsync(hand, device, force: true, Patience.Detach, token).ConfigureAwait(false);
                }
            })));
    }

    private static async Task<VifRecord?> FindAsync(HostHand hand, DomainInfo guest, MacAddress mac, CancellationToken cancellationToken) =>
        await FindAsync(
            await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false), guest.Domid, mac,
            cancellationToken).ConfigureAwait(false);

    private static async Task<VifRecord?> FindAsync(IXenStore store, int guest, MacAddress mac, CancellationToken cancellationToken) =>
        (await DeviceKinds.Vifs.ListAsync(store, guest, cancellationToken).ConfigureAwait(false)).FirstOrDefault(v => v.Mac == mac);

    private static async Task DropRecordsAsync(HostHand hand, DomainInfo guest, MacAddress mac, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        RunningGuests guests = await RunningGuests.ReadAsync(store, cancellationToken).ConfigureAwait(false);
        ClientRecord[] back = [.. (await ClientRecords.ReadAllAsync(store, cancellationToken).ConfigureAwait(false))
            .Where(r => r.Mac == mac && guests.Find(r) == guest.Domid)];
        await hand.RunAsync([ClientRecords.Remove(back)], cancellationToken).ConfigureAwait(false);
    }
}
