using System.Globalization;
using XenDriverDomain.Changes;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;
using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Backends.Clients;

/// <summary>
/// Attaches vifs by xl and sees to it in xenstore, since xl network-attach says success before any hotplug script ran
/// (libxl_device.c, device_backend_callback). A vif is known by its MAC address, which is always given.
/// </summary>
/// <param name="hand">What it is done with.</param>
internal sealed class VifAttacher(HostHand hand)
{
    /// <summary>What attaching is going to do when the host is as it should be.</summary>
    /// <param name="guest">The guest: its domid, or its name.</param>
    /// <param name="spec">The vif, with its back end.</param>
    public static StepPart Expected(string guest, VifSpec spec) => new Act<XlResult>(new RunXl(["network-attach", guest, .. spec.ToArguments()]), null);

    /// <summary>Attaches a vif and verifies who backs it; one that is there already with this MAC address is taken as it is.</summary>
    /// <exception cref="XenDriverDomainException">VifAttachFailed, VifNoBackendDriver, VifBackendMismatch.</exception>
    public async Task<VifAddress> AttachAsync(
        int guest, string guestName, int backend, VifSpec spec, CancellationToken cancellationToken)
    {
        MacAddress mac = spec.Mac ?? throw new ArgumentException("A vif is known by its MAC address.", nameof(spec));
        IXenStoreClient store = await hand.Dom0.GetXenStoreAsync(cancellationToken).ConfigureAwait(false);
        XlResult? result = null;
        VifRecord? vif = await FindAsync(store, guest, mac, cancellationToken).ConfigureAwait(false);
        if (vif is null)
        {
            result = await hand.DoAsync(
                new RunXl(["network-attach", guest.ToString(CultureInfo.InvariantCulture), .. spec.BackedBy(backend).ToArguments()]),
                cancellationToken).ConfigureAwait(false);
            vif = await FindAsync(store, guest, mac, cancellationToken).ConfigureAwait(false);
        }

        if (vif is null)
        {
            bool gone = await store.TryReadAsync(XenPaths.Name(guest), cancellationToken).ConfigureAwait(false) is null;
            throw gone ? VifWaiter.Gone(guestName) : new XenDriverDomainException(
                ErrorIds.VifAttachFailed,
                ErrorKind.Device,
                $"xl network-attach gave {guestName} no vif {mac} (exit code {result?.ExitCode}): {result?.Complaint}",
                "Remove the cause that xl names, then connect the vif again.",
                guestName);
        }

        if (vif.BackendDomid != backend)
        {
            throw new XenDriverDomainException(
                ErrorIds.VifBackendMismatch,
                ErrorKind.InvalidState,
                $"The vif {mac} of {guestName} is backed by domid {vif.BackendDomid}, not by domid {backend} as asked.",
                "Disconnect the vif, then connect it again.",
                guestName);
        }

        // xl has waited 10 s for the driver; when it is not there by then, waiting on would only hide the cause.
        if (result is { ExitCode: not 0 } && VifDiagnosis.ExplainEnds(vif).Finding?.Id == ErrorIds.VifNoBackendDriver
            && VifDiagnosis.Explain(vif, await DomainStates.ReadAsync(hand.Xl, cancellationToken).ConfigureAwait(false)).Finding is { } finding)
        {
            throw VifWaiter.ErrorOf(vif, finding);
        }

        return vif.Address;
    }

    /// <summary>The guest's vif with a MAC address; null when it has none.</summary>
    public static async Task<VifRecord?> FindAsync(IXenStoreClient store, int guest, MacAddress mac, CancellationToken cancellationToken) =>
        (await new VifReader(store).ListAsync(guest, cancellationToken).ConfigureAwait(false)).FirstOrDefault(v => v.Mac == mac);
}
