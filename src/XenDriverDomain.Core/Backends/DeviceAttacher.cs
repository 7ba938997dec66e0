using System.Globalization;
using XenDriverDomain.Changes;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends;

/// <summary>A device to attach.</summary>
/// <typeparam name="TRecord">What is read of it.</typeparam>
/// <param name="Backend">The domid of the domain that shall back it.</param>
/// <param name="Arguments">Its specification with that back end, as xl takes it behind the guest.</param>
/// <param name="Name">What it is called before it has a number: <c>vif 00:16:3e:00:00:01</c>.</param>
/// <param name="IsIt">Recognises it among the devices of the guest.</param>
internal sealed record WantedDevice<TRecord>(int Backend, IReadOnlyList<string> Arguments, string Name, Func<TRecord, bool> IsIt)
    where TRecord : DeviceRecord;

/// <summary>
/// Attaches split devices by xl and sees to it in xenstore, since xl says success before any hotplug script ran (libxl_device.c,
/// device_backend_callback).
/// </summary>
internal static class DeviceAttacher
{
    /// <summary>What attaching is going to do when the host is as it should be.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="guest">The guest: its domid, or its name.</param>
    /// <param name="arguments">The specification with its back end.</param>
    public static StepPart Attaching<TRecord>(this AttachableKind<TRecord> kind, string guest, IReadOnlyList<string> arguments)
        where TRecord : DeviceRecord => new Act<XlResult>(new RunXl([kind.AttachCommand, guest, .. arguments]), null);

    /// <summary>Attaches a device and verifies who backs it; one that is there already is taken as it is.</summary>
    /// <exception cref="XenDriverDomainException">
    /// <see cref="DeviceErrorIds.AttachFailed"/>, <see cref="DeviceErrorIds.NoBackendDriver"/>,
    /// <see cref="DeviceErrorIds.BackendMismatch"/>, <see cref="DeviceErrorIds.Gone"/>.
    /// </exception>
    public static async Task<SplitDevice> AttachAsync<TRecord>(
        this AttachableKind<TRecord> kind,
        HostHand hand,
        int guest,
        string guestName,
        WantedDevice<TRecord> wanted,
        CancellationToken cancellationToken)
        where TRecord : DeviceRecord
    {
        IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        XlResult? result = null;
        TRecord? device = await FindAsync().ConfigureAwait(false);
        if (device is null)
        {
            result = await hand.DoAsync(
                new RunXl([kind.AttachCommand, guest.ToString(CultureInfo.InvariantCulture), .. wanted.Arguments]),
                cancellationToken).ConfigureAwait(false);
            device = await FindAsync().ConfigureAwait(false);
        }

        if (device is null)
        {
            bool gone = await store.TryReadAsync(XenPaths.Name(guest), cancellationToken).ConfigureAwait(false) is null;
            throw gone ? kind.Gone(guestName) : new XenDriverDomainException(
                kind.Errors.AttachFailed,
                ErrorKind.Device,
                $"xl {kind.AttachCommand} gave {guestName} no {wanted.Name} (exit code {result?.ExitCode}): {result?.Complaint}",
                $"Remove the cause that xl names, then connect the {kind.Noun} again.",
                guestName);
        }

        if (device.BackendDomid != wanted.Backend)
        {
            throw new XenDriverDomainException(
                kind.Errors.BackendMismatch,
                ErrorKind.InvalidState,
                $"The {wanted.Name} of {guestName} is backed by domid {device.BackendDomid}, not by domid {wanted.Backend} as asked.",
                $"Disconnect the {kind.Noun}, then connect it again.",
                guestName);
        }

        // xl has waited 10 s for the driver; when it is not there by then, waiting on would only hide the cause.
        if (result is { ExitCode: not 0 } && kind.ExplainEnds(device).Finding?.Id == kind.Errors.NoBackendDriver
            && kind.Explain(device, await DomainStates.ReadAsync(hand.Xl, cancellationToken).ConfigureAwait(false)).Finding is { } finding)
        {
            throw kind.DoesNotWork(device, finding);
        }

        return device.Device;

        async Task<TRecord?> FindAsync() =>
            (await kind.ListAsync(store, guest, cancellationToken).ConfigureAwait(false)).FirstOrDefault(wanted.IsIt);
    }
}
