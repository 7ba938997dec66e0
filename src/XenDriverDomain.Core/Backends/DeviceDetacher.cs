using System.Globalization;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends;

/// <summary>
/// Detaches vifs: by xl, which keeps its own notes right, and then by reading back. What xl leaves (a dead back end, a driver
/// domain without devd) is removed by us when nobody is left to do it, or when asked to.
/// </summary>
/// <param name="hand">What it is done with.</param>
internal sealed class VifDetacher(HostHand hand)
{
    /// <summary>What detaching is going to do when the host is as it should be.</summary>
    public static IReadOnlyList<StepPart> Expected(VifAddress address) => [new Act<XlResult>(Detach(address, null), null)];

    /// <summary>Detaches one vif; one that is gone is fine.</summary>
    /// <param name="address">Which.</param>
    /// <param name="force">Removes the records when the orderly way does not work although the back-end domain is alive.</param>
    /// <param name="timeout">
    /// How long it may take in all. libxl waits 10 s for each part (LIBXL_HOTPLUG_TIMEOUT), which a busy driver domain may need longer for.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">VifDetachIncomplete: records remain, and the back-end domain is alive.</exception>
    public async Task DetachAsync(VifAddress address, bool force, TimeSpan timeout, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        VifRecord? vif = await new VifReader(store).TryReadAsync(address, cancellationToken).ConfigureAwait(false);
        if (vif is null)
        {
            return;
        }

        // Without a back-end driver nobody answers xl's request to close, and it would wait in vain.
        long begun = hand.Dom0.Time.GetTimestamp();
        bool deaf = force && vif.BackendState is XenbusState.Unknown or XenbusState.Initialising && vif.HasBackend;
        XlResult? result = deaf ? null : await hand.DoAsync(Detach(address, timeout), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> left = await LeftAsync(store, vif, cancellationToken).ConfigureAwait(false);
        if (left.Count == 0)
        {
            return;
        }

        bool alive = await store.TryReadAsync(XenPaths.Home(vif.BackendDomid) / "name", cancellationToken).ConfigureAwait(false) is not null;
        if (alive && vif.HasBackend && !force && !await LetsGoAsync(vif, timeout - hand.Dom0.Time.GetElapsedTime(begun), cancellationToken).ConfigureAwait(false))
        {
            DomainStates states = await DomainStates.ReadAsync(hand.Xl, cancellationToken).ConfigureAwait(false);
            DomainStop? stop = DomainStop.Of(states[vif.BackendDomid], Terminal.Text.Show(vif.BackendName ?? $"domid {vif.BackendDomid}"));
            throw new XenDriverDomainException(
                ErrorIds.VifDetachIncomplete,
                ErrorKind.InvalidState,
                $"xl network-detach left the vif {address.Devid} of {VifWaiter.NameOf(vif)} half attached ({string.Join(", ", left)}), "
                    + $"{(stop is null ? "as its back end did not let it go" : $"since {stop.Words}")}: {result?.Complaint}",
                stop is { IsPaused: true }
                    ? $"{stop.Remedy} Then try again, or use -Force to remove the records."
                    : $"{(stop is null ? "Start xl devd in the back-end domain and try again, or use" : "Use")} -Force to remove the records.",
                VifWaiter.NameOf(vif));
        }

        await hand.DoAsync(Removal(vif), cancellationToken).ConfigureAwait(false);
        left = await LeftAsync(store, vif, cancellationToken).ConfigureAwait(false);
        if (left.Count > 0)
        {
            throw new XenDriverDomainException(
                ErrorIds.VifDetachIncomplete,
                ErrorKind.InvalidState,
                $"The vif {address.Devid} of {VifWaiter.NameOf(vif)} is still half attached ({string.Join(", ", left)}) although its records were removed.",
                "Look whether somebody else attaches vifs to this guest, and try again.",
                VifWaiter.NameOf(vif));
        }
    }

    // That the hotplug script has run shows that devd watches there: it deletes the back end when the script is through, be it
    // after xl's patience.
    private async Task<bool> LetsGoAsync(VifRecord vif, TimeSpan left, CancellationToken cancellationToken) => await hand.WaitAsync(
        new WaitFor(
            !new NodeExists(vif.Address.Backend(vif.BackendDomid)),
            vif.HotplugStatus is { Length: > 0 } && left > TimeSpan.Zero ? left : TimeSpan.Zero),
        cancellationToken).ConfigureAwait(false);

    /// <summary>What of a vif is still in xenstore, as paths.</summary>
    private static async Task<IReadOnlyList<string>> LeftAsync(IXenStore store, VifRecord vif, CancellationToken cancellationToken)
    {
        XenStorePath[] parts = [vif.Address.Record, vif.Address.Frontend, vif.Address.Backend(vif.BackendDomid)];
        byte[]?[] there = await Task.WhenAll(
            parts.Select(p => store.TryReadAsync(p, cancellationToken).AsTask())).ConfigureAwait(false);
        return [.. parts.Where((_, i) => there[i] is not null).Select(p => p.ToString())];
    }

    // In one transaction: the guest's xenbus sees its device vanish and lets go of it, as when libxl cleans up after a dead
    // back end (libxl__initiate_device_generic_remove), and a new vif can take the place.
    private static ChangeNodes Removal(VifRecord vif)
    {
        XenStorePath backend = vif.Address.Backend(vif.BackendDomid);
        return new ChangeNodes(
            new RemoveNode(vif.Address.Frontend),
            new RemoveNode(backend) { UpTo = backend.Parent },
            new RemoveNode(vif.Address.Record) { UpTo = vif.Address.Record.Parent });
    }

    private static RunXl Detach(VifAddress address, TimeSpan? timeout) => new(
        "network-detach",
        address.GuestDomid.ToString(CultureInfo.InvariantCulture),
        address.Devid.ToString(CultureInfo.InvariantCulture))
    {
        Timeout = timeout,
    };
}
