using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>The toolstack's records of a guest's disks (/libxl/DOMID/device/vbd), where no guest can write.</summary>
internal sealed class DiskRecords(IXenStoreClient store)
{
    // A devid is major and minor of the device, or for xvd above a certain number 1 << 28 with disk and partition.
    private const int MaxDevid = int.MaxValue;

    /// <summary>The domid that backs each disk, by the device in the guest: xvda, hdc.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ReadAsync(int guest, CancellationToken cancellationToken)
    {
        XenStorePath all = XenPaths.DeviceRecords(guest, "vbd");
        IReadOnlyList<string>? names = await store.TryListAsync(all, cancellationToken).ConfigureAwait(false);
        (string? Device, string? Backend)[] read = await Task.WhenAll(XenPaths.Numbers(names, MaxDevid).Select(async devid =>
        {
            Task<string?> device = store.TryReadTextAsync(all / devid / "dev", cancellationToken).AsTask();
            Task<string?> backend = store.TryReadTextAsync(all / devid / "backend", cancellationToken).AsTask();
            return (await device.ConfigureAwait(false), await backend.ConfigureAwait(false));
        })).ConfigureAwait(false);
        Dictionary<string, int> found = new(StringComparer.Ordinal);
        foreach ((string? device, string? backend) in read)
        {
            if (device is not null && XenPaths.BackendDomidOf(backend) is { } domid)
            {
                found[device] = domid;
            }
        }

        return found;
    }
}
