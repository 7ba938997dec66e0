using XenDriverDomain.Domains;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends.Clients;

/// <summary>Which domains run, by what ties a record to this very guest: its UUID, which a reboot keeps and no other guest has.</summary>
internal sealed class RunningGuests
{
    private readonly List<Life> _lives;

    private RunningGuests(List<Life> lives) => _lives = lives;

    /// <summary>Looks.</summary>
    public static async Task<RunningGuests> ReadAsync(IXenStoreClient store, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>? all = await store.TryListAsync(XenPaths.Domains, cancellationToken).ConfigureAwait(false);
        Life?[] lives = await Task.WhenAll(XenPaths.Numbers(all, DomainRef.MaxDomid)
            .Select(domid => TryReadAsync(store, domid, cancellationToken))).ConfigureAwait(false);
        return new RunningGuests([.. lives.OfType<Life>()]);
    }

    /// <summary>The UUID of a running domain; null when it has none, or does not run.</summary>
    public Guid? UuidOf(int domid) => _lives.Find(l => l.Domid == domid)?.Uuid;

    /// <summary>True when a domain runs.</summary>
    public bool Has(int domid) => _lives.Exists(l => l.Domid == domid);

    /// <summary>The domid that a record's guest has now; null when that guest is gone, whoever has its number.</summary>
    public int? Find(ClientRecord record)
    {
        Life[] same = [.. _lives.Where(l => record.GuestUuid is { } uuid
            ? l.Uuid == uuid
            : l.Uuid is null && l.Domid == record.GuestDomid && l.Name == record.GuestName)];

        // While a guest is migrated to its own host there are two.
        return (same.FirstOrDefault(l => l.Domid == record.GuestDomid) ?? same.MaxBy(l => l.Domid))?.Domid;
    }

    private static async Task<Life?> TryReadAsync(IXenStoreClient store, int domid, CancellationToken cancellationToken)
    {
        XenStorePath home = XenPaths.Home(domid);
        Task<string?> name = store.TryReadTextAsync(home / "name", cancellationToken).AsTask();
        Task<string?> vm = store.TryReadTextAsync(home / "vm", cancellationToken).AsTask();
        bool there = domid == 0 || await store.IsDomainIntroducedAsync(domid, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(name, vm).ConfigureAwait(false);
        return there && await name.ConfigureAwait(false) is { } known
            ? new Life(domid, known, XenPaths.UuidOf(await vm.ConfigureAwait(false)))
            : null;
    }

    private sealed record Life(int Domid, string Name, Guid? Uuid);
}
