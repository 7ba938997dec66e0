using System.Globalization;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends;

/// <summary>
/// Detaches split devices: by xl, which keeps its own notes right, and then by reading back. What xl leaves (a dead back end, a driver
/// domain without devd) is removed by us when nobody is left to do it, or when asked to.
/// </summary>
internal static class DeviceDetacher
{
    /// <summary>What detaching is going to do when the host is as it should be.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="which">The device as xl's subcommand takes it: its number, or what else the kind is known by.</param>
    public static StepPart Detaching<TRecord>(this AttachableKind<TRecord> kind, int guest, string which)
        where TRecord : DeviceRecord => new Act<XlResult>(Detach(kind, guest, which, null), null);

    /// <summary>The same of a device that has its number.</summary>
    public static StepPart Detaching<TRecord>(this AttachableKind<TRecord> kind, SplitDevice device)
        where TRecord : DeviceRecord => Detaching(kind, device.Guest, NumberOf(device));

    /// <summary>Detaches one device; one that is gone is fine.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="hand">What it is done with.</param>
    /// <param name="device">Which.</param>
    /// <param name="force">Removes the records when the orderly way does not work although the back-end domain is alive.</param>
    /// <param name="timeout">
    /// How long it may take in all. libxl waits 10 s for each part (LIBXL_HOTPLUG_TIMEOUT), which a busy driver domain may need longer for.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">
    /// <see cref="DeviceErrorIds.DetachIncomplete"/>: records remain, and the back-end domain is alive.
    /// </exception>
    public static async Task DetachAsync<TRecord>(
        this AttachableKind<TRecord> kind,
        HostHand hand,
        SplitDevice device,
        bool force,
        TimeSpan timeout,
        CancellationToken cancellationToken)
        where TRecord : DeviceRecord
    {
        IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        TRecord? now = await kind.TryReadAsync(store, device, cancellationToken).ConfigureAwait(false);
        if (now is null)
        {
            return;
        }

        // Without a back-end driver nobody answers xl's request to close, and it would wait in vain.
        long begun = hand.Dom0.Time.GetTimestamp();
        bool deaf = force && now.BackendState is XenbusState.Unknown or XenbusState.Initialising && now.HasBackend;
        XlResult? result = deaf
            ? null
            : await hand.DoAsync(Detach(kind, device.Guest, NumberOf(device), timeout), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> left = await LeftAsync(store, now, cancellationToken).ConfigureAwait(false);
        if (left.Count == 0)
        {
            return;
        }

        bool alive = await store.TryReadAsync(XenPaths.Name(now.BackendDomid), cancellationToken).ConfigureAwait(false) is not null;
        if (alive && now.HasBackend && !force
            && !await LetsGoAsync(hand, now, timeout - hand.Dom0.Time.GetElapsedTime(begun), cancellationToken).ConfigureAwait(false))
        {
            DomainStates states = await DomainStates.ReadAsync(hand.Xl, cancellationToken).ConfigureAwait(false);
            DomainStop? stop = DomainStop.Of(states[now.BackendDomid], now.ShownBackend);
            throw new XenDriverDomainException(
                kind.Errors.DetachIncomplete,
                ErrorKind.InvalidState,
                $"xl {kind.DetachCommand} left the {kind.NameOf(now)} of {now.ShownGuest} half attached ({string.Join(", ", left)}), "
                    + $"{(stop is null ? "as its back end did not let it go" : $"since {stop.Words}")}: {result?.Complaint}",
                stop is { IsPaused: true }
                    ? $"{stop.Remedy} Then try again, or use -Force to remove the records."
                    : $"{(stop is null ? "Start xl devd in the back-end domain and try again, or use" : "Use")} -Force to remove "
                        + "the records.",
                now.ShownGuest);
        }

        await hand.DoAsync(Removal(now), cancellationToken).ConfigureAwait(false);
        left = await LeftAsync(store, now, cancellationToken).ConfigureAwait(false);
        if (left.Count > 0)
        {
            throw new XenDriverDomainException(
                kind.Errors.DetachIncomplete,
                ErrorKind.InvalidState,
                $"The {kind.NameOf(now)} of {now.ShownGuest} is still half attached ({string.Join(", ", left)}) "
                    + "although its records were removed.",
                $"Look whether somebody else attaches {kind.Noun}s to this guest, and try again.",
                now.ShownGuest);
        }
    }

    // That the hotplug script has run shows that devd watches there: it deletes the back end when the script is through, be it
    // after xl's patience.
    private static async Task<bool> LetsGoAsync(HostHand hand, DeviceRecord device, TimeSpan left, CancellationToken cancellationToken) =>
        await hand.WaitAsync(
            new WaitFor(
                !new NodeExists(device.Device.Backend(device.BackendDomid)),
                device.HotplugStatus is { Length: > 0 } && left > TimeSpan.Zero ? left : TimeSpan.Zero),
            cancellationToken).ConfigureAwait(false);

    // What of a device is still in xenstore, as paths.
    private static async Task<IReadOnlyList<string>> LeftAsync(IXenStore store, DeviceRecord device, CancellationToken cancellationToken)
    {
        XenStorePath[] parts = [device.Device.Record, device.Device.Frontend, device.Device.Backend(device.BackendDomid)];
        byte[]?[] there = await Task.WhenAll(parts.Select(p => store.TryReadAsync(p, cancellationToken).AsTask())).ConfigureAwait(false);
        return [.. parts.Where((_, i) => there[i] is not null).Select(p => p.ToString())];
    }

    // In one transaction: the guest's xenbus sees its device vanish and lets go of it, as when libxl cleans up after a dead
    // back end (libxl__initiate_device_generic_remove), and a new device can take the place.
    private static ChangeNodes Removal(DeviceRecord device)
    {
        XenStorePath backend = device.Device.Backend(device.BackendDomid);
        XenStorePath record = device.Device.Record;
        return new ChangeNodes(
            new RemoveNode(device.Device.Frontend),
            new RemoveNode(backend) { UpTo = backend.Parent },
            new RemoveNode(record) { UpTo = record.Parent });
    }

    private static string NumberOf(SplitDevice device) => device.Devid.ToString(CultureInfo.InvariantCulture);

    private static RunXl Detach<TRecord>(AttachableKind<TRecord> kind, int guest, string which, TimeSpan? timeout)
        where TRecord : DeviceRecord =>
        new(kind.DetachCommand, guest.ToString(CultureInfo.InvariantCulture), which) { Timeout = timeout };
}
