using XenDriverDomain.Domains;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>Who uses which domain as a back end, from the toolstack's records, which outlive a dead back end.</summary>
internal static class DomainClients
{
    private const int MaxDevid = int.MaxValue;

    /// <summary>All devices that a domain other than dom0 backs, by guest, kind and number; each level in one round trip.</summary>
    public static async Task<IReadOnlyList<DomainClient>> ListAsync(IXenStore store, CancellationToken cancellationToken)
    {
        IEnumerable<int> guests = XenPaths.Numbers(
            await store.TryListAsync(XenPaths.Libxl, cancellationToken).ConfigureAwait(false), DomainRef.MaxDomid);
        IReadOnlyList<DomainClient>[] all = await Task.WhenAll(
            guests.Select(g => OfGuestAsync(store, g, cancellationToken))).ConfigureAwait(false);
        return [.. all.SelectMany(c => c)];
    }

    /// <summary>The running guests' devices that one domain backs.</summary>
    public static async Task<IReadOnlyList<DomainClient>> OfAsync(IXenStore store, int backendDomid, CancellationToken cancellationToken) =>
        [.. (await ListAsync(store, cancellationToken).ConfigureAwait(false))
            .Where(c => c.BackendDomid == backendDomid && c.GuestName is not null && c.GuestDomid != backendDomid)];

    private static async Task<IReadOnlyList<DomainClient>> OfGuestAsync(IXenStore store, int guest, CancellationToken cancellationToken)
    {
        XenStorePath devices = XenPaths.DeviceRecords(guest);
        Task<string?> name = store.TryReadTextAsync(XenPaths.Name(guest), cancellationToken).AsTask();
        IReadOnlyList<string> kinds = await store.TryListAsync(devices, cancellationToken).ConfigureAwait(false) ?? [];
        IReadOnlyList<string>?[] numbers = await Task.WhenAll(
            kinds.Select(k => store.TryListAsync(devices / k, cancellationToken).AsTask())).ConfigureAwait(false);
        (string Kind, int Devid)[] found = [.. kinds.SelectMany((k, i) => XenPaths.Numbers(numbers[i], MaxDevid).Select(n => (k, n)))];
        string?[] backends = await Task.WhenAll(
            found.Select(d => store.TryReadTextAsync(devices / d.Kind / d.Devid / "backend", cancellationToken).AsTask())).ConfigureAwait(false);
        string? guestName = await name.ConfigureAwait(false);
        return [.. found.Select((d, i) => (d, Backend: XenPaths.BackendDomidOf(backends[i])))
            .Where(x => x.Backend is > 0)
            .Select(x => new DomainClient(guest, guestName, x.d.Kind, x.d.Devid, x.Backend!.Value))];
    }
}
