using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.Domains.Files;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends;

/// <summary>Checks a request for a new vif and plans it: the guest's file first, then the running guest, then the wait for both ends.</summary>
internal sealed class VifConnectPlanner(Dom0 dom0, IXl xl, IDomainDirectory domains)
{
    // What xl takes when no bridge is named (xl.conf(5), vif.default.bridge).
    private const string XlDefaultBridge = "xenbr0";
    private static readonly TimeSpan s_undoPatience = TimeSpan.FromSeconds(40);

    /// <summary>Looks, refuses, or plans.</summary>
    public async Task<PlannedChange<GuestVif?>> PlanAsync(
        ConnectVifRequest request, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(reporter);
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
        string bridge = request.Bridge ?? await DefaultBridgeAsync(backend, reporter, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<VifRecord> existing = await new VifReader(store).ListAsync(cancellationToken).ConfigureAwait(false);
        MacAddress mac = request.Mac ?? Unattached(file, backend, bridge, existing) ?? Unused(existing);
        VifSpec spec = VifSpecs.Of(request, mac, bridge);
        RefuseDuplicate(existing, guest, backend, mac);

        List<ChangeStep> steps = [];
        if (file is not null && file.IndexOf(mac) < 0)
        {
            string line = (spec with { Backend = DomainRef.Parse(backend.Name) }).ToString();
            steps.Add(file.WriteStep($"Add the vif '{line}' to {file.Path}", file.Document.WithListItem("vif", line)));
        }

        if (guest is not null)
        {
            AddAttachSteps(steps, store, guest, backend, spec, request);
        }

        return new PlannedChange<GuestVif?>(
            new ChangePlan($"Connect {guest?.Name ?? request.ConfigPath} to {backend.Name}", steps)
            {
                DescribeStateAsync = guest is null ? null : token => DescribeAsync(store, guest, mac, token),
            },
            async token => guest is not null
                && await new VifAttacher(store, xl, dom0.Time).FindAsync(guest.Domid, mac, token).ConfigureAwait(false) is { } now
                ? GuestVifs.Show(dom0.Id, now, await DomainStates.ReadAsync(xl, token).ConfigureAwait(false))
                : null);
    }

    private static async Task<string> DescribeAsync(IXenStoreClient store, DomainInfo guest, MacAddress mac, CancellationToken token)
    {
        VifRecord? left = (await new VifReader(store).ListAsync(guest.Domid, token).ConfigureAwait(false)).FirstOrDefault(v => v.Mac == mac);
        return left is null
            ? $"{guest.Name} has no vif {mac}."
            : $"{guest.Name} has the vif {left.Address.Devid} ({mac}). {VifDiagnosis.ExplainEnds(left).Detail}";
    }

    private static void RefuseDuplicate(IReadOnlyList<VifRecord> existing, DomainInfo? guest, DomainInfo backend, MacAddress mac)
    {
        VifRecord? owner = existing.FirstOrDefault(v => v.Mac == mac && v.GuestName is not null);

        // The same vif again: a run that was killed goes on where it stopped.
        bool same = owner is not null && owner.Address.GuestDomid == guest?.Domid && owner.BackendDomid == backend.Domid;
        if (owner is not null && guest is not null && !same)
        {
            throw new XenDriverDomainException(
                ErrorIds.VifMacInUse,
                ErrorKind.InUse,
                $"The vif {owner.Address.Devid} of {VifWaiter.NameOf(owner)} (backed by domid {owner.BackendDomid}) has the MAC address {mac} already.",
                "Disconnect that vif first, or choose another address.",
                mac);
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

    // The file lists a vif of this back end and bridge that no guest has: a run that was killed between the file and the guest.
    private static MacAddress? Unattached(
        GuestConfigFile? file, DomainInfo backend, string bridge, IReadOnlyList<VifRecord> existing) =>
        file?.Vifs.FirstOrDefault(v => v.Mac is { } mac && v.Backend is { } named && named.Name == backend.Name
            && (v.Bridge ?? XlDefaultBridge) == bridge && existing.All(e => e.Mac != mac))?.Mac;

    private async Task<string> DefaultBridgeAsync(DomainInfo backend, IOperationReporter reporter, CancellationToken cancellationToken)
    {
        string? expected = await new DriverDomainFiles(dom0.Files).TryReadBridgeAsync(backend.Name, cancellationToken).ConfigureAwait(false);
        string bridge = expected ?? XlDefaultBridge;
        reporter.Verbose(expected is null
            ? $"No bridge was named, and {backend.Name} has none in its configuration: taking {bridge}, as xl would."
            : $"No bridge was named: taking {bridge}, which {backend.Name}'s configuration names.");
        return bridge;
    }

    private void AddAttachSteps(
        List<ChangeStep> steps, IXenStoreClient store, DomainInfo guest, DomainInfo backend, VifSpec spec, ConnectVifRequest request)
    {
        VifAttacher attacher = new(store, xl, dom0.Time);
        VifAddress? attached = null;
        steps.Add(new ChangeStep(
            $"Attach a vif {spec.Mac} to {guest.Name}, backed by {backend.Name} (domid {backend.Domid}), bridge {spec.Bridge}",
            async token => attached = await attacher.AttachAsync(guest.Domid, guest.Name, backend.Domid, spec, token).ConfigureAwait(false))
        {
            UndoDescription = $"Detach the vif {spec.Mac} from {guest.Name}",
            UndoAsync = async token =>
            {
                if (await attacher.FindAsync(guest.Domid, spec.Mac!.Value, token).ConfigureAwait(false) is { } made)
                {
                    await new VifDetacher(store, xl, dom0.Time).DetachAsync(made.Address, force: true, s_undoPatience, token).ConfigureAwait(false);
                }
            },
        });
        if (!request.NoWait)
        {
            steps.Add(new ChangeStep(
                $"Wait until {guest.Name} and {backend.Name} are connected",
                async token => await attacher.WaitAsync(attached!.Value, backend.Domid, request.Timeout, token).ConfigureAwait(false)));
        }
    }
}
