using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends;

/// <summary>
/// Waits, by watches on both ends, until a split device works or cannot any more. The ends of a paused or crashed domain look as before, so
/// the domains are looked at, too: while it is waited, and at the end.
/// </summary>
internal static class DeviceWaiter
{
    /// <summary>The part of a step that waits for a working device.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="backendDomid">The back end.</param>
    /// <param name="guestDomid">The guest.</param>
    /// <param name="mark">What its back end is known by before it has a number: a node and its value.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="device">The device, asked for when the step runs.</param>
    public static StepPart Waiting<TRecord>(
        this AttachableKind<TRecord> kind,
        int backendDomid,
        int guestDomid,
        (string Name, string Value) mark,
        TimeSpan timeout,
        Func<SplitDevice> device)
        where TRecord : DeviceRecord => new Course(
        [new WaitFor(new ChildNodesAre(XenPaths.Backends(backendDomid, kind.Name) / guestDomid, mark, ("state", "4")), timeout)],
        (hand, token) => WaitAsync(kind, hand.Dom0, hand.Xl, device(), backendDomid, timeout, token));

    /// <summary>Waits for a working device.</summary>
    /// <exception cref="XenDriverDomainException">
    /// What the kind's diagnosis finds, one id per cause, from the first that is known; <see cref="DeviceErrorIds.Gone"/>.
    /// </exception>
    public static async Task<TRecord> WaitAsync<TRecord>(
        this AttachableKind<TRecord> kind,
        Dom0 dom0,
        XlTool xl,
        SplitDevice device,
        int backendDomid,
        TimeSpan timeout,
        CancellationToken cancellationToken)
        where TRecord : DeviceRecord
    {
        IXenStoreClient store = await dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        TRecord? last = null;
        DomainStates states = await new DomainVigil(store, xl, dom0.Time).RunAsync(
            async token =>
            {
                await WaitForEndsAsync(token).ConfigureAwait(false);
                return await DomainStates.ReadAsync(xl, token).ConfigureAwait(false);
            },
            seen => last is not null && kind.Explain(last, seen).IsStandstill ? seen : null,
            cancellationToken).ConfigureAwait(false);
        if (last?.GuestName is null)
        {
            throw kind.Gone($"domid {device.Guest}");
        }

        return kind.Explain(last, states).Finding is { } finding ? throw kind.DoesNotWork(last, finding) : last;

        Task WaitForEndsAsync(CancellationToken token) => store.WaitUntilAsync<object>(
            [
                device.Backend(backendDomid).ToString(),
                device.Frontend.ToString(),
                XenPaths.Name(backendDomid).ToString(),
                XenPaths.Name(device.Guest).ToString(),
            ],
            async looking =>
            {
                last = await kind.TryReadAsync(store, device, looking).ConfigureAwait(false);
                return last?.GuestName is null || kind.ExplainEnds(last).Status != VifStatus.Waiting ? kind : null;
            },
            timeout,
            dom0.Time,
            token);
    }

    /// <summary>The error of a device or a guest that vanished.</summary>
    internal static XenDriverDomainException Gone<TRecord>(this AttachableKind<TRecord> kind, string guest)
        where TRecord : DeviceRecord => new(
        kind.Errors.Gone,
        ErrorKind.InvalidState,
        $"The {kind.Noun} of {guest} vanished while it was being connected: somebody detached it, or the guest ended.",
        $"Look with Get-XenGuest whether the guest still runs, then connect the {kind.Noun} again.",
        guest);

    /// <summary>The error that a finding is.</summary>
    internal static XenDriverDomainException DoesNotWork<TRecord>(this AttachableKind<TRecord> kind, TRecord device, Finding finding)
        where TRecord : DeviceRecord => (finding with
        {
            Subject = device.ShownGuest,
            Cause = $"The {kind.DescriptionOf(device)} of {device.ShownGuest} does not work. {finding.Cause}",
        }).ToException();
}
