using XenDriverDomain.Terminal;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>A device of a guest that another domain backs, as the toolstack recorded it.</summary>
/// <param name="Device">The device, of whatever kind.</param>
/// <param name="GuestName">The guest's name; null when it is gone. Not fit to be shown.</param>
/// <param name="BackendDomid">The domain that backs it.</param>
internal sealed record DomainClient(SplitDevice Device, string? GuestName, int BackendDomid)
{
    /// <summary>For a person: <c>fe1 vif 0</c>.</summary>
    public override string ToString() =>
        $"{(GuestName is null ? $"domid {Device.Guest}" : Text.Show(GuestName))} {Text.Show(Device.Kind)} {Device.Devid}";
}

/// <summary>Who uses which domain as a back end, from the toolstack's records, which outlive a dead back end.</summary>
internal static class DomainClients
{
    /// <summary>All devices that a domain other than dom0 backs, by guest, kind and number; each level in one round trip.</summary>
    public static async Task<IReadOnlyList<DomainClient>> ListAsync(IXenStore store, CancellationToken cancellationToken)
    {
        DeviceReader.DomainNames names = new(store, cancellationToken);
        DomainClient?[] clients = await Task.WhenAll(
            (await DeviceReader.FindAsync(store, null, null, cancellationToken).ConfigureAwait(false)).Select(async device =>
            {
                Task<string?> name = names.OfAsync(device.Guest);
                int? backend = await DeviceReader.TryReadBackendAsync(store, device, cancellationToken).ConfigureAwait(false);
                string? guest = await name.ConfigureAwait(false);
                return backend is > 0 and { } domid ? new DomainClient(device, guest, domid) : null;
            })).ConfigureAwait(false);
        return [.. clients.OfType<DomainClient>()];
    }

    /// <summary>The running guests' devices that one domain backs.</summary>
    public static async Task<IReadOnlyList<DomainClient>> OfAsync(IXenStore store, int backendDomid, CancellationToken cancellationToken) =>
        [.. (await ListAsync(store, cancellationToken).ConfigureAwait(false))
            .Where(c => c.BackendDomid == backendDomid && c.GuestName is not null && c.Device.Guest != backendDomid)];
}
