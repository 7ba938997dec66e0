using System.Collections.Concurrent;
using XenDriverDomain.Domains;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>
/// Reads split devices from xenstore with few round trips: all requests of one level are under way together. The toolstack's records
/// (/libxl) say which there are, since a guest cannot write there, and they outlive a dead back end.
/// </summary>
internal static class DeviceReader
{
    /// <summary>The devices that the toolstack has records of, by guest, kind and number.</summary>
    /// <param name="store">The host's xenstore.</param>
    /// <param name="kind">The kind; null for all.</param>
    /// <param name="guest">The guest; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<SplitDevice>> FindAsync(
        IXenStore store, string? kind, int? guest, CancellationToken cancellationToken)
    {
        IEnumerable<int> guests = guest is { } one
            ? [one]
            : XenPaths.Numbers(await store.TryListAsync(XenPaths.Libxl, cancellationToken).ConfigureAwait(false), DomainRef.MaxDomid);
        IReadOnlyList<SplitDevice>[] found = await Task.WhenAll(guests.Select(OfGuestAsync)).ConfigureAwait(false);
        return [.. found.SelectMany(f => f)];

        async Task<IReadOnlyList<SplitDevice>> OfGuestAsync(int domid)
        {
            IReadOnlyList<string> kinds = kind is not null
                ? [kind]
                : await store.TryListAsync(XenPaths.DeviceRecords(domid), cancellationToken).ConfigureAwait(false) ?? [];
            IReadOnlyList<string>?[] names = await Task.WhenAll(
                kinds.Select(k => store.TryListAsync(XenPaths.DeviceRecords(domid, k), cancellationToken).AsTask())).ConfigureAwait(false);
            return
            [
                .. kinds.SelectMany((k, i) => XenPaths.Numbers(names[i], int.MaxValue).Select(devid => new SplitDevice(k, domid, devid))),
            ];
        }
    }

    /// <summary>The domid of the back end in the toolstack's record; null when there is no such record.</summary>
    public static async Task<int?> TryReadBackendAsync(IXenStore store, SplitDevice device, CancellationToken cancellationToken) =>
        XenPaths.BackendDomidOf(await store.TryReadTextAsync(device.Record / "backend", cancellationToken).ConfigureAwait(false));

    /// <summary>All devices of a kind, by guest and devid.</summary>
    public static Task<IReadOnlyList<TRecord>> ListAsync<TRecord>(
        this DeviceKind<TRecord> kind, IXenStore store, CancellationToken cancellationToken)
        where TRecord : DeviceRecord => ListAsync(kind, store, null, cancellationToken);

    /// <summary>The devices of a kind that one guest has, by devid.</summary>
    public static Task<IReadOnlyList<TRecord>> ListAsync<TRecord>(
        this DeviceKind<TRecord> kind, IXenStore store, int guest, CancellationToken cancellationToken)
        where TRecord : DeviceRecord => ListAsync(kind, store, (int?)guest, cancellationToken);

    /// <summary>One device; null when the toolstack has no record of it.</summary>
    public static Task<TRecord?> TryReadAsync<TRecord>(
        this DeviceKind<TRecord> kind, IXenStore store, SplitDevice device, CancellationToken cancellationToken)
        where TRecord : DeviceRecord => TryReadAsync(kind, store, new DomainNames(store, cancellationToken), device, cancellationToken);

    private static async Task<IReadOnlyList<TRecord>> ListAsync<TRecord>(
        DeviceKind<TRecord> kind, IXenStore store, int? guest, CancellationToken cancellationToken)
        where TRecord : DeviceRecord
    {
        IReadOnlyList<SplitDevice> devices = await FindAsync(store, kind.Name, guest, cancellationToken).ConfigureAwait(false);
        DomainNames names = new(store, cancellationToken);
        TRecord?[] read = await Task.WhenAll(devices.Select(d => TryReadAsync(kind, store, names, d, cancellationToken)))
            .ConfigureAwait(false);
        return [.. read.OfType<TRecord>()];
    }

    private static async Task<TRecord?> TryReadAsync<TRecord>(
        DeviceKind<TRecord> kind, IXenStore store, DomainNames names, SplitDevice device, CancellationToken cancellationToken)
        where TRecord : DeviceRecord
    {
        Task<int?> recorded = TryReadBackendAsync(store, device, cancellationToken);
        Task<string?> frontendState = TextAsync(device.Frontend / "state");
        Task<string?> guestName = names.OfAsync(device.Guest);

        // Most devices have few of the settings: a listing spares asking for the others.
        Task<IReadOnlyList<string>?> listed = store.TryListAsync(device.Record, cancellationToken).AsTask();
        await Task.WhenAll(recorded, frontendState, guestName, listed).ConfigureAwait(false);
        if (await recorded.ConfigureAwait(false) is not { } backendDomid)
        {
            return null;
        }

        string[] keys = [.. kind.Settings.Intersect(await listed.ConfigureAwait(false) ?? [], StringComparer.Ordinal)];
        Task<string?>[] settings = [.. keys.Select(key => TextAsync(device.Record / key))];
        XenStorePath backend = device.Backend(backendDomid);
        Task<byte[]?> there = store.TryReadAsync(backend, cancellationToken).AsTask();
        Task<string?> state = TextAsync(backend / "state");
        Task<string?> status = TextAsync(backend / "hotplug-status");
        Task<string?> error = TextAsync(backend / "hotplug-error");
        Task<string?> kernelError = TextAsync(device.BackendError(backendDomid));
        Task<string?> name = names.OfAsync(backendDomid);
        await Task.WhenAll([there, state, status, error, kernelError, name, .. settings]).ConfigureAwait(false);
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        for (int i = 0; i < keys.Length; i++)
        {
            if (await settings[i].ConfigureAwait(false) is { } value)
            {
                read.Add(keys[i], value);
            }
        }

        return kind.Of(new DeviceRecord
        {
            Device = device,
            BackendDomid = backendDomid,
            GuestName = await guestName.ConfigureAwait(false),
            BackendName = await name.ConfigureAwait(false),
            Settings = read,
            FrontendState = StateOf(await frontendState.ConfigureAwait(false)),
            BackendState = StateOf(await state.ConfigureAwait(false)),
            HasBackend = await there.ConfigureAwait(false) is not null,
            HotplugStatus = await status.ConfigureAwait(false),
            HotplugError = await error.ConfigureAwait(false) is { Length: > 0 } complaint ? complaint : null,
            BackendKernelError = await kernelError.ConfigureAwait(false),
        });

        Task<string?> TextAsync(XenStorePath path) => store.TryReadTextAsync(path, cancellationToken).AsTask();
    }

    // A state is one digit; anything else a guest may have written is Unknown.
    private static XenbusState StateOf(string? text) =>
        text is [>= '0' and <= '8'] ? (XenbusState)(text[0] - '0') : XenbusState.Unknown;

    /// <summary>The names of domains, null for one that is gone; each is asked for once, however many devices it has.</summary>
    internal sealed class DomainNames(IXenStore store, CancellationToken cancellationToken)
    {
        private readonly ConcurrentDictionary<int, Task<string?>> _asked = new();

        /// <summary>The name of one.</summary>
        public Task<string?> OfAsync(int domid) =>
            _asked.GetOrAdd(domid, id => store.TryReadTextAsync(XenPaths.Name(id), cancellationToken).AsTask());
    }
}
