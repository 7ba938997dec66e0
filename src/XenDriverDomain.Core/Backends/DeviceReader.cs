using XenDriverDomain.Domains;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>
/// Reads vifs from xenstore with few round trips: all requests of one level are under way together. The toolstack's records
/// (/libxl) say which there are, since a guest cannot write there, and they outlive a dead back end.
/// </summary>
internal sealed class VifReader(IXenStoreClient store)
{
    // Far more than a host has; a bound because a number of requests is made for each.
    private const int MaxDevid = 0xffff;

    private static readonly string[] s_settings =
        ["mac", "bridge", "script", "ip", "vifname", "mtu", "rate", "gatewaydev", "vlan"];

    /// <summary>All vifs, by guest and devid.</summary>
    public async Task<IReadOnlyList<VifRecord>> ListAsync(CancellationToken cancellationToken) =>
        await ReadAllAsync(await AddressesAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>The bridges of all vifs, each once.</summary>
    public async Task<IReadOnlyList<string>> ListBridgesAsync(CancellationToken cancellationToken)
    {
        string?[] bridges = await Task.WhenAll((await AddressesAsync(cancellationToken).ConfigureAwait(false))
            .Select(address => TextAsync(address.Record / "bridge", cancellationToken))).ConfigureAwait(false);
        return [.. bridges.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private async Task<IEnumerable<VifAddress>> AddressesAsync(CancellationToken cancellationToken)
    {
        IEnumerable<int> guests = XenPaths.Numbers(
            await store.TryListAsync(XenPaths.Libxl, cancellationToken).ConfigureAwait(false), DomainRef.MaxDomid);
        IReadOnlyList<VifAddress>[] addresses = await Task.WhenAll(
            guests.Select(guest => AddressesAsync(guest, cancellationToken))).ConfigureAwait(false);
        return addresses.SelectMany(a => a);
    }

    /// <summary>The vifs of one guest, by devid.</summary>
    public async Task<IReadOnlyList<VifRecord>> ListAsync(int guest, CancellationToken cancellationToken) =>
        await ReadAllAsync(await AddressesAsync(guest, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>One vif; null when the toolstack has no record of it.</summary>
    public async Task<VifRecord?> TryReadAsync(VifAddress address, CancellationToken cancellationToken)
    {
        Task<string?> backend = TextAsync(address.Record / "backend", cancellationToken);
        Task<string?> frontendState = TextAsync(address.Frontend / "state", cancellationToken);
        Task<string?> guestName = TextAsync(XenPaths.Name(address.GuestDomid), cancellationToken);
        Task<byte[]?> frontend = store.TryReadAsync(address.Frontend, cancellationToken).AsTask();

        // Most vifs have few of the settings: a listing spares asking for the others.
        Task<IReadOnlyList<string>?> listed = store.TryListAsync(address.Record, cancellationToken).AsTask();
        await Task.WhenAll(backend, frontendState, guestName, frontend, listed).ConfigureAwait(false);
        if (XenPaths.BackendDomidOf(await backend.ConfigureAwait(false)) is not { } backendDomid)
        {
            return null;
        }

        string[] keys = [.. s_settings.Intersect(await listed.ConfigureAwait(false) ?? [], StringComparer.Ordinal)];
        Task<string?>[] settings = [.. keys.Select(key => TextAsync(address.Record / key, cancellationToken))];
        XenStorePath live = address.Backend(backendDomid);
        Task<byte[]?> there = store.TryReadAsync(live, cancellationToken).AsTask();
        Task<string?> state = TextAsync(live / "state", cancellationToken);
        Task<string?> status = TextAsync(live / "hotplug-status", cancellationToken);
        Task<string?> error = TextAsync(live / "hotplug-error", cancellationToken);
        Task<string?> kernelError = TextAsync(address.KernelError(backendDomid), cancellationToken);
        Task<string?> name = TextAsync(XenPaths.Name(backendDomid), cancellationToken);
        await Task.WhenAll([there, state, status, error, kernelError, name, .. settings]).ConfigureAwait(false);
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        for (int i = 0; i < keys.Length; i++)
        {
            if (await settings[i].ConfigureAwait(false) is { } value)
            {
                read.Add(keys[i], value);
            }
        }

        return new VifRecord
        {
            Address = address,
            BackendDomid = backendDomid,
            GuestName = await guestName.ConfigureAwait(false),
            BackendName = await name.ConfigureAwait(false),
            Settings = read,
            FrontendState = StateOf(await frontendState.ConfigureAwait(false)),
            BackendState = StateOf(await state.ConfigureAwait(false)),
            HasBackend = await there.ConfigureAwait(false) is not null,
            HasFrontend = await frontend.ConfigureAwait(false) is not null,
            HotplugStatus = await status.ConfigureAwait(false),
            HotplugError = await error.ConfigureAwait(false) is { Length: > 0 } complaint ? complaint : null,
            KernelError = await kernelError.ConfigureAwait(false),
        };
    }

    /// <summary>A state as one digit; anything else a guest may have written is Unknown.</summary>
    internal static XenbusState StateOf(string? text) =>
        text is [>= '0' and <= '8'] ? (XenbusState)(text[0] - '0') : XenbusState.Unknown;

    private async Task<IReadOnlyList<VifAddress>> AddressesAsync(int guest, CancellationToken cancellationToken) =>
        [.. XenPaths.Numbers(
            await store.TryListAsync(VifAddress.Records(guest), cancellationToken).ConfigureAwait(false),
            MaxDevid).Select(devid => new VifAddress(guest, devid))];

    private async Task<IReadOnlyList<VifRecord>> ReadAllAsync(IEnumerable<VifAddress> addresses, CancellationToken cancellationToken)
    {
        VifRecord?[] read = await Task.WhenAll(addresses.Select(a => TryReadAsync(a, cancellationToken))).ConfigureAwait(false);
        return [.. read.OfType<VifRecord>()];
    }

    private Task<string?> TextAsync(XenStorePath path, CancellationToken cancellationToken) =>
        store.TryReadTextAsync(path, cancellationToken).AsTask();
}
