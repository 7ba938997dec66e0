using XenDriverDomain.Errors;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>Waits, by watches on both ends, until a vif works or cannot any more.</summary>
internal sealed class VifWaiter(IXenStoreClient store, TimeProvider time)
{
    private readonly VifReader _reader = new(store);

    /// <summary>Waits for a working vif.</summary>
    /// <exception cref="XenDriverDomainException">One id per cause, from the first that is known: VifNoBackendDriver,
    /// VifHotplugNotRun, VifBridgeNotFound, VifHotplugFailed, VifBackendGone, VifFrontendSilent, VifClosed, VifGone.</exception>
    public async Task<VifRecord> WaitAsync(VifAddress address, int backendDomid, TimeSpan timeout, CancellationToken cancellationToken)
    {
        VifRecord? last = null;
        await store.WaitUntilAsync<object>(
            [
                address.Backend(backendDomid).ToString(),
                address.Frontend.ToString(),
                (VifAddress.Home(backendDomid) / "name").ToString(),
                (VifAddress.Home(address.GuestDomid) / "name").ToString(),
            ],
            async token =>
            {
                last = await _reader.TryReadAsync(address, token).ConfigureAwait(false);
                return last is null || VifDiagnosis.IsFinal(last) ? this : null;
            },
            timeout,
            time,
            cancellationToken).ConfigureAwait(false);
        if (last?.GuestName is null)
        {
            throw Gone($"domid {address.GuestDomid}");
        }

        VifFinding finding = VifDiagnosis.Explain(last);
        return finding.ErrorId is null ? last : throw ErrorOf(last, finding);
    }

    /// <summary>The error of a vif or a guest that vanished.</summary>
    public static XenDriverDomainException Gone(string guest) => new(
        ErrorIds.VifGone,
        ErrorKind.InvalidState,
        $"The vif of {guest} vanished while it was being connected: somebody detached it, or the guest ended.",
        "Look with Get-XenGuest whether the guest still runs, then connect the vif again.",
        guest);

    /// <summary>The error that a finding is.</summary>
    public static XenDriverDomainException ErrorOf(VifRecord vif, VifFinding finding) => new(
        finding.ErrorId ?? ErrorIds.VifGone,
        finding.Status == VifStatus.Waiting ? ErrorKind.Timeout : ErrorKind.InvalidState,
        $"The vif {vif.Address.Devid} ({vif.Mac}) of {NameOf(vif)} does not work. {finding.Detail}",
        finding.Remedy,
        NameOf(vif));

    /// <summary>The guest's name, fit to be shown.</summary>
    public static string NameOf(VifRecord vif) =>
        vif.GuestName is null ? $"domid {vif.Address.GuestDomid}" : Terminal.Text.Show(vif.GuestName);
}
