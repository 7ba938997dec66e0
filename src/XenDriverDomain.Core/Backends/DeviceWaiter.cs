using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends;

/// <summary>
/// Waits, by watches on both ends, until a vif works or cannot any more. The ends of a paused or crashed domain look as before, so the
/// domains are looked at, too: while it is waited, and at the end.
/// </summary>
internal sealed class VifWaiter(IXenStoreClient store, IXl xl, TimeProvider time)
{
    private readonly VifReader _reader = new(store);
    private readonly DomainVigil _vigil = new(store, xl, time);

    /// <summary>The waits of a plan.</summary>
    public static VifWaiter Of(HostHand hand, IXenStoreClient store) => new(store, hand.Xl, hand.Dom0.Time);

    /// <summary>The part of a step that waits for a working vif.</summary>
    /// <param name="backendDomid">The back end.</param>
    /// <param name="guestDomid">The guest.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="address">The vif, asked for when the step runs.</param>
    public static StepPart Wait(int backendDomid, int guestDomid, TimeSpan timeout, Func<VifAddress> address) => new Course(
        [new WaitFor(new ChildNodeIs(XenPaths.Home(backendDomid) / "backend" / "vif" / guestDomid, "state", "4"), timeout)],
        async (hand, token) => await Of(hand, await hand.Dom0.GetXenStoreAsync(token).ConfigureAwait(false))
            .WaitAsync(address(), backendDomid, timeout, token).ConfigureAwait(false));

    /// <summary>Waits for a working vif.</summary>
    /// <exception cref="XenDriverDomainException">One id per cause, from the first that is known: VifNoBackendDriver,
    /// VifHotplugNotRun, VifBridgeNotFound, VifHotplugFailed, VifBackendGone, VifFrontendSilent, VifClosed, VifGone, VifBackendPaused,
    /// VifBackendStopped, VifGuestPaused, VifGuestStopped, VifStateUnknown.</exception>
    public async Task<VifRecord> WaitAsync(VifAddress address, int backendDomid, TimeSpan timeout, CancellationToken cancellationToken)
    {
        VifRecord? last = null;
        DomainStates states = await _vigil.RunAsync(
            async token =>
            {
                await WaitForEndsAsync(token).ConfigureAwait(false);
                return await DomainStates.ReadAsync(xl, token).ConfigureAwait(false);
            },
            seen => last is not null && VifDiagnosis.IsStandstill(VifDiagnosis.Explain(last, seen).Finding) ? seen : null,
            cancellationToken).ConfigureAwait(false);
        if (last?.GuestName is null)
        {
            throw Gone($"domid {address.GuestDomid}");
        }

        return VifDiagnosis.Explain(last, states).Finding is { } finding ? throw ErrorOf(last, finding) : last;

        Task WaitForEndsAsync(CancellationToken token) => store.WaitUntilAsync<object>(
            [
                address.Backend(backendDomid).ToString(),
                address.Frontend.ToString(),
                (XenPaths.Name(backendDomid)).ToString(),
                (XenPaths.Name(address.GuestDomid)).ToString(),
            ],
            async looking =>
            {
                last = await _reader.TryReadAsync(address, looking).ConfigureAwait(false);
                return last is null || VifDiagnosis.IsFinal(last) ? this : null;
            },
            timeout,
            time,
            token);
    }

    /// <summary>The error of a vif or a guest that vanished.</summary>
    public static XenDriverDomainException Gone(string guest) => new(
        ErrorIds.VifGone,
        ErrorKind.InvalidState,
        $"The vif of {guest} vanished while it was being connected: somebody detached it, or the guest ended.",
        "Look with Get-XenGuest whether the guest still runs, then connect the vif again.",
        guest);

    /// <summary>The error that a finding is.</summary>
    public static XenDriverDomainException ErrorOf(VifRecord vif, Finding finding) => (finding with
    {
        Subject = NameOf(vif),
        Cause = $"The vif {vif.Address.Devid} ({vif.Mac}) of {NameOf(vif)} does not work. {finding.Cause}",
    }).ToException();

    /// <summary>The guest's name, fit to be shown.</summary>
    public static string NameOf(VifRecord vif) =>
        vif.GuestName is null ? $"domid {vif.Address.GuestDomid}" : Terminal.Text.Show(vif.GuestName);
}
