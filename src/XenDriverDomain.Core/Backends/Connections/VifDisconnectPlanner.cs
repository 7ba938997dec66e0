using XenDriverDomain.Access;
using XenDriverDomain.Backends.Clients;
using XenDriverDomain.Changes;
using XenDriverDomain.ConfigFiles;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends.Connections;

/// <summary>Plans the removal of a vif: from the guest's file first, which can be undone, then from the running guest.</summary>
internal sealed class VifDisconnectPlanner(Dom0 dom0)
{
    /// <summary>Looks, refuses, or plans.</summary>
    public async Task<PlannedChange<bool>> PlanAsync(
        GuestVif vif, DisconnectVifOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(vif);
        ArgumentNullException.ThrowIfNull(options);
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        SplitDevice device = DeviceKinds.Vifs.Device(vif.GuestDomid, vif.Devid);
        VifRecord? now = await DeviceKinds.Vifs.TryReadAsync(store, device, cancellationToken).ConfigureAwait(false);
        RunningGuests guests = await RunningGuests.ReadAsync(store, cancellationToken).ConfigureAwait(false);
        ClientRecord[] recorded = [.. (await ClientRecords.ReadAllAsync(store, cancellationToken).ConfigureAwait(false))
            .Where(
                r => guests.Find(r) == vif.GuestDomid && r.Mac is not null && (vif.Mac is { } its ? r.Mac == its : r.Devid == vif.Devid))];
        List<ChangeStep> steps = [];
        if (options.ConfigPath is { } path && vif.Mac is { } mac)
        {
            GuestConfigFile file = await GuestConfigFile.ReadAsync(dom0.Files, ConfigPath.Check(path), cancellationToken)
                .ConfigureAwait(false);
            if (file.IndexOf(mac) is >= 0 and int index)
            {
                steps.Add(file.WriteStep($"Remove the vif {mac} from {file.Path}", file.Document.WithoutListItem("vif", index)));
            }
        }

        if (now is not null && recorded.Length > 0 && now.Mac != vif.Mac)
        {
            // It was cut off, and its number was taken by another since.
            now = null;
        }

        if (recorded.Length > 0)
        {
            steps.Add(new ChangeStep(
                $"Drop the record of {ReturningClients.List(recorded)}, which was to come back to {recorded[0].Server}",
                ClientRecords.Remove(recorded))
            {
                UndoDescription = $"Record {ReturningClients.List(recorded)} again",
                Undo = [ClientRecords.Write(recorded)],
            });
        }

        if (now is not null)
        {
            // The number may have been given to another vif since the object was made.
            if (vif.Mac is { } known && now.Mac != known)
            {
                throw new XenDriverDomainException(
                    ErrorIds.VifNotFound,
                    ErrorKind.NotFound,
                    $"The vif {vif.Devid} of {vif.Guest} is {now.Mac} now, not {known}: it was disconnected and the number "
                        + "taken by another.",
                    "Look again with Get-XenGuestVif.",
                    vif);
            }

            if (options.Force)
            {
                dom0.Reporter.Warning($"The records of the vif {vif.Devid} of {vif.Guest} are removed by force if its ends do not let go.");
            }

            steps.Add(new ChangeStep(
                $"Detach the vif {vif.Devid} ({vif.Mac}) from {vif.Guest}"
                    + (now.IsCutOff ? " and clear away what its dead back end left" : string.Empty),
                new Course(
                    [DeviceKinds.Vifs.Detaching(device)],
                    (hand, token) => DeviceKinds.Vifs.DetachAsync(hand, device, options.Force, options.Timeout, token))));
        }

        return new PlannedChange<bool>(
            new ChangePlan($"Disconnect the vif {vif.Devid} of {vif.Guest}", steps)
            {
                DescribeStateAsync = async token =>
                    await DeviceKinds.Vifs.TryReadAsync(store, device, token).ConfigureAwait(false) is { } left
                        ? $"{vif.Guest} still has the vif {vif.Devid}. {VifDiagnosis.ExplainEnds(left).Finding?.Cause}"
                        : $"{vif.Guest} has no vif {vif.Devid}.",
            },
            async token => await DeviceKinds.Vifs.TryReadAsync(store, device, token).ConfigureAwait(false) is not { } left
                || left.Mac != vif.Mac);
    }
}

/// <summary>How a vif is disconnected.</summary>
public sealed record DisconnectVifOptions
{
    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; init; } = Patience.Detach;

    /// <summary>Removes the toolstack's and the front end's records by force when the orderly way does not work.</summary>
    public bool Force { get; init; }

    /// <summary>The guest's configuration file on dom0 from which the vif is removed as well.</summary>
    public string? ConfigPath { get; init; }
}
