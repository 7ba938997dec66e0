using System.Globalization;
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
internal sealed class VifAttacher(IXenStoreClient store, IXl xl, TimeProvider time)
{
    private readonly VifReader _reader = new(store);

    /// <summary>Attaches a vif and verifies who backs it; one that is there already with this MAC address is taken as it is.</summary>
    /// <exception cref="XenDriverDomainException">VifAttachFailed, VifNoBackendDriver, VifBackendMismatch.</exception>
    public async Task<VifAddress> AttachAsync(
        int guest, string guestName, int backend, VifSpec spec, CancellationToken cancellationToken)
    {
        MacAddress mac = spec.Mac ?? throw new ArgumentException("A vif is known by its MAC address.", nameof(spec));
        XlResult? result = null;
        VifRecord? vif = await FindAsync(guest, mac, cancellationToken).ConfigureAwait(false);
        if (vif is null)
        {
            result = await xl.RunAsync(
                ["network-attach", guest.ToString(CultureInfo.InvariantCulture), .. spec.BackedBy(backend).ToArguments()],
                null,
                cancellationToken).ConfigureAwait(false);
            vif = await FindAsync(guest, mac, cancellationToken).ConfigureAwait(false);
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
        if (result is { ExitCode: not 0 } && VifDiagnosis.ExplainEnds(vif).ErrorId == ErrorIds.VifNoBackendDriver)
        {
            throw VifWaiter.ErrorOf(
                vif, VifDiagnosis.Explain(vif, await DomainStates.ReadAsync(xl, cancellationToken).ConfigureAwait(false)));
        }

        return vif.Address;
    }

    /// <summary>Waits until both ends are connected.</summary>
    public Task<VifRecord> WaitAsync(VifAddress address, int backend, TimeSpan timeout, CancellationToken cancellationToken) =>
        new VifWaiter(store, xl, time).WaitAsync(address, backend, timeout, cancellationToken);

    /// <summary>The guest's vif with a MAC address; null when it has none.</summary>
    public async Task<VifRecord?> FindAsync(int guest, MacAddress mac, CancellationToken cancellationToken) =>
        (await _reader.ListAsync(guest, cancellationToken).ConfigureAwait(false)).FirstOrDefault(v => v.Mac == mac);
}
