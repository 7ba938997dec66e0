using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Changes;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Pci;

/// <summary>
/// Reads the toolstack's view of PCI functions: /libxl/pci/KEY/{driver_path,name,domid} (libxl_pci.c since 4.15), the older
/// /libxl/pciback/KEY/driver_path, and the PCI back ends in dom0, which are all the record there is before 4.15. Everything here is
/// written by dom0 alone.
/// </summary>
internal sealed class PciToolstackReader(Dom0 dom0, IOperationReporter reporter)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly XenStorePath Current = XenStorePath.Parse("/libxl/pci");
    private static readonly XenStorePath Older = XenStorePath.Parse("/libxl/pciback");
    private static readonly XenStorePath Backends = XenStorePath.Parse("/local/domain/0/backend/pci");
    private static readonly XenStorePath DomainRoot = XenStorePath.Parse("/local/domain");

    /// <summary>
    /// The records by address. Null when xenstored could not be asked: the PCI functions are listed all the same, and
    /// <paramref name="isXenHost"/> decides how loudly that is said.
    /// </summary>
    public async Task<IReadOnlyDictionary<PciAddress, PciToolstackRecord>?> ReadAsync(
        Task<bool> isXenHost, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(Limit, dom0.Time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        string why;
        try
        {
            IXenStoreClient store = await dom0.GetXenStoreAsync(both.Token).ConfigureAwait(false);
            return await ReadAsync(store, both.Token).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e)
        {
            why = e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            why = $"xenstored did not answer within {Limit.TotalSeconds:0} s.";
        }

        string message = $"Whether a domain has a PCI device is not known on {dom0.Id}: {why}";
        if (await isXenHost.ConfigureAwait(false))
        {
            reporter.Warning(message);
        }
        else
        {
            reporter.Verbose(message);
        }

        return null;
    }

    private static async Task<IReadOnlyDictionary<PciAddress, PciToolstackRecord>> ReadAsync(
        IXenStoreClient store, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<string>?> domains = store.TryListAsync(DomainRoot, cancellationToken).AsTask();
        Task<IReadOnlyList<string>?> current = store.TryListAsync(Current, cancellationToken).AsTask();
        Task<IReadOnlyList<string>?> older = store.TryListAsync(Older, cancellationToken).AsTask();
        Task<(PciAddress Address, int Domid)[]> backends = ReadBackendsAsync(store, cancellationToken);
        await Task.WhenAll(domains, current, older, backends).ConfigureAwait(false);

        (PciAddress Address, PciToolstackRecord Record)[] oldRecords =
            await Task.WhenAll(Keys(await older.ConfigureAwait(false)).Select(key => ReadRecordAsync(store, Older, key, cancellationToken)))
                .ConfigureAwait(false);
        (PciAddress Address, PciToolstackRecord Record)[] newRecords =
            await Task.WhenAll(Keys(await current.ConfigureAwait(false)).Select(key => ReadRecordAsync(store, Current, key, cancellationToken)))
                .ConfigureAwait(false);

        Dictionary<PciAddress, PciToolstackRecord> records = [];
        foreach ((PciAddress address, PciToolstackRecord record) in oldRecords.Concat(newRecords))
        {
            records[address] = record;
        }

        (PciAddress Address, int Domid)[] served = await backends.ConfigureAwait(false);
        HashSet<string> listed = [.. await domains.ConfigureAwait(false) ?? []];
        Dictionary<int, (bool IsAlive, string? Name)> lives = await ReadLivesAsync(
            store,
            listed,
            records.Values.Select(record => record.Domid).OfType<int>().Concat(served.Select(one => one.Domid)).Distinct(),
            cancellationToken).ConfigureAwait(false);

        foreach ((PciAddress address, int domid) in served)
        {
            PciToolstackRecord record = records.GetValueOrDefault(address) ?? new PciToolstackRecord();
            bool knowsBetter = record.Domid is { } recorded && (lives[recorded].IsAlive || !lives[domid].IsAlive);

            // A back end left by a dead domain binds only those libxl that keep no record of their own.
            bool isLeftOver = !lives[domid].IsAlive && newRecords.Any(one => one.Address == address);
            if (!knowsBetter && !isLeftOver)
            {
                records[address] = record with { Domid = domid, IsFromBackend = true };
            }
        }

        return records.ToDictionary(
            pair => pair.Key,
            pair => pair.Value.Domid is { } domid
                ? pair.Value with { IsDomainAlive = lives[domid].IsAlive, DomainName = lives[domid].Name }
                : pair.Value);
    }

    private static IEnumerable<string> Keys(IReadOnlyList<string>? names) =>
        (names ?? []).Where(name => PciAddress.TryParseXenStoreKey(name, out _));

    private static async Task<(PciAddress Address, PciToolstackRecord Record)> ReadRecordAsync(
        IXenStoreClient store, XenStorePath folder, string key, CancellationToken cancellationToken)
    {
        XenStorePath path = folder / key;
        Task<string?> driver = store.TryReadTextAsync(path / "driver_path", cancellationToken).AsTask();
        Task<string?> name = store.TryReadTextAsync(path / "name", cancellationToken).AsTask();
        Task<int?> domid = store.TryReadNumberAsync(path / "domid", cancellationToken).AsTask();
        await Task.WhenAll(driver, name, domid).ConfigureAwait(false);
        _ = PciAddress.TryParseXenStoreKey(key, out PciAddress address);
        return (address, new PciToolstackRecord
        {
            DriverPath = await driver.ConfigureAwait(false),
            Name = await name.ConfigureAwait(false) is { Length: > 0 } text ? Text.Show(text) : null,
            Domid = await domid.ConfigureAwait(false),
        });
    }

    private static async Task<(PciAddress Address, int Domid)[]> ReadBackendsAsync(
        IXenStoreClient store, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> guests = await store.TryListAsync(Backends, cancellationToken).ConfigureAwait(false) ?? [];
        (PciAddress, int)[][] all = await Task.WhenAll(guests.Select(async guest =>
        {
            if (!int.TryParse(guest, NumberStyles.None, CultureInfo.InvariantCulture, out int domid))
            {
                return [];
            }

            XenStorePath path = Backends / guest / "0";
            IReadOnlyList<string> names = await store.TryListAsync(path, cancellationToken).ConfigureAwait(false) ?? [];
            string?[] devices = await Task.WhenAll(names.Where(name => name.StartsWith("dev-", StringComparison.Ordinal))
                .Select(name => store.TryReadTextAsync(path / name, cancellationToken).AsTask())).ConfigureAwait(false);
            List<(PciAddress, int)> found = [];
            foreach (string? device in devices)
            {
                if (PciAddress.TryParse(device, out PciAddress address))
                {
                    found.Add((address, domid));
                }
            }

            return found.ToArray();
        })).ConfigureAwait(false);
        return [.. all.SelectMany(found => found)];
    }

    private static async Task<Dictionary<int, (bool IsAlive, string? Name)>> ReadLivesAsync(
        IXenStoreClient store, HashSet<string> listed, IEnumerable<int> domids, CancellationToken cancellationToken)
    {
        Dictionary<int, (bool, string?)> lives = [];
        foreach ((int domid, Task<bool> isAlive, Task<string?> name) in domids.Select(domid =>
        {
            // The directory of a domain outlives it when its toolstack died with it, hence the question to xenstored itself.
            string text = domid.ToString(CultureInfo.InvariantCulture);
            return (
                domid,
                listed.Contains(text) ? store.IsDomainIntroducedAsync(domid, cancellationToken).AsTask() : Task.FromResult(false),
                store.TryReadTextAsync(DomainRoot / text / "name", cancellationToken).AsTask());
        }).ToArray())
        {
            bool lived = await isAlive.ConfigureAwait(false);
            string? text = await name.ConfigureAwait(false);
            lives[domid] = (lived, lived && text is { Length: > 0 } ? Text.Show(text) : null);
        }

        return lives;
    }
}
