using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Reporting;
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
    /// <summary>The file that tells a dom0 from other domains.</summary>
    public const string Capabilities = "/proc/xen/capabilities";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly XenStorePath Current = XenStorePath.Parse("/libxl/pci");
    private static readonly XenStorePath Older = XenStorePath.Parse("/libxl/pciback");
    private static readonly XenStorePath Backends = XenStorePath.Parse("/local/domain/0/backend/pci");
    private static readonly XenStorePath DomainRoot = XenStorePath.Parse("/local/domain");

    /// <summary>
    /// The records by address. Null when xenstored could not be asked: the PCI functions are listed all the same, and whether
    /// this is a dom0 decides how loudly that is said.
    /// </summary>
    /// <param name="sys">What the kernel said of itself, <see cref="Capabilities"/> among it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<PciAddress, PciToolstackRecord>?> ReadAsync(
        Task<BulkAnswer> sys, CancellationToken cancellationToken)
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
        string capabilities = (await sys.ConfigureAwait(false)).Files.GetValueOrDefault(Capabilities, string.Empty);
        if (capabilities.Contains("control_d", StringComparison.Ordinal))
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
        Task<Backend[]> backends = ReadBackendsAsync(store, cancellationToken);
        await Task.WhenAll(domains, current, older, backends).ConfigureAwait(false);

        PciToolstackRecord[] oldRecords =
            await Task.WhenAll(Keys(await older.ConfigureAwait(false)).Select(key => ReadRecordAsync(store, Older, key, cancellationToken)))
                .ConfigureAwait(false);
        PciToolstackRecord[] newRecords =
            await Task.WhenAll(Keys(await current.ConfigureAwait(false)).Select(key => ReadRecordAsync(store, Current, key, cancellationToken)))
                .ConfigureAwait(false);

        Dictionary<PciAddress, PciToolstackRecord> records = [];
        HashSet<int> domids = [];
        foreach (PciToolstackRecord record in oldRecords.Concat(newRecords))
        {
            records[record.Address] = record;
        }

        foreach (PciToolstackRecord record in records.Values)
        {
            if (record.Domid is { } domid)
            {
                domids.Add(domid);
            }
        }

        Backend[] served = await backends.ConfigureAwait(false);
        foreach (Backend one in served)
        {
            domids.Add(one.Domid);
        }

        HashSet<string> listed = [.. await domains.ConfigureAwait(false) ?? []];
        List<Task<Life>> reading = [];
        foreach (int domid in domids)
        {
            reading.Add(ReadLifeAsync(store, listed, domid, cancellationToken));
        }

        Dictionary<int, Life> lives = (await Task.WhenAll(reading).ConfigureAwait(false)).ToDictionary(life => life.Domid);

        foreach ((PciAddress address, int domid) in served)
        {
            PciToolstackRecord record = records.GetValueOrDefault(address) ?? new PciToolstackRecord { Address = address };
            bool knowsBetter = record.Domid is { } recorded && (lives[recorded].IsAlive || !lives[domid].IsAlive);

            // A back end left by a dead domain binds only those libxl that keep no record of their own.
            bool isLeftOver = !lives[domid].IsAlive && newRecords.Any(one => one.Address == address);
            if (!knowsBetter && !isLeftOver)
            {
                records[address] = record with { Domid = domid, IsFromBackend = true };
            }
        }

        return records.Values.ToDictionary(
            record => record.Address,
            record => record.Domid is { } domid
                ? record with { IsDomainAlive = lives[domid].IsAlive, DomainName = lives[domid].Name }
                : record);
    }

    private static IEnumerable<string> Keys(IReadOnlyList<string>? names) =>
        (names ?? []).Where(name => PciAddress.TryParseXenStoreKey(name, out _));

    private static async Task<PciToolstackRecord> ReadRecordAsync(
        IXenStoreClient store, XenStorePath folder, string key, CancellationToken cancellationToken)
    {
        XenStorePath path = folder / key;
        Task<string?> driver = store.TryReadTextAsync(path / "driver_path", cancellationToken).AsTask();
        Task<string?> name = store.TryReadTextAsync(path / "name", cancellationToken).AsTask();
        Task<int?> domid = store.TryReadNumberAsync(path / "domid", cancellationToken).AsTask();
        await Task.WhenAll(driver, name, domid).ConfigureAwait(false);
        _ = PciAddress.TryParseXenStoreKey(key, out PciAddress address);
        return new PciToolstackRecord
        {
            Address = address,
            DriverPath = await driver.ConfigureAwait(false),
            Name = await name.ConfigureAwait(false) is { Length: > 0 } text ? Text.Show(text) : null,
            Domid = await domid.ConfigureAwait(false),
        };
    }

    private static async Task<Backend[]> ReadBackendsAsync(
        IXenStoreClient store, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> guests = await store.TryListAsync(Backends, cancellationToken).ConfigureAwait(false) ?? [];
        Backend[][] all = await Task.WhenAll(guests.Select(async guest =>
        {
            if (!int.TryParse(guest, NumberStyles.None, CultureInfo.InvariantCulture, out int domid))
            {
                return [];
            }

            XenStorePath path = Backends / guest / "0";
            IReadOnlyList<string> names = await store.TryListAsync(path, cancellationToken).ConfigureAwait(false) ?? [];
            string?[] devices = await Task.WhenAll(names.Where(name => name.StartsWith("dev-", StringComparison.Ordinal))
                .Select(name => store.TryReadTextAsync(path / name, cancellationToken).AsTask())).ConfigureAwait(false);
            List<Backend> found = [];
            foreach (string? device in devices)
            {
                if (PciAddress.TryParse(device, out PciAddress address))
                {
                    found.Add(new Backend(address, domid));
                }
            }

            return found.ToArray();
        })).ConfigureAwait(false);
        return [.. all.SelectMany(found => found)];
    }

    private static async Task<Life> ReadLifeAsync(
        IXenStoreClient store, HashSet<string> listed, int domid, CancellationToken cancellationToken)
    {
        string text = domid.ToString(CultureInfo.InvariantCulture);
        Task<string?> name = store.TryReadTextAsync(DomainRoot / text / "name", cancellationToken).AsTask();

        // The directory of a domain outlives it when its toolstack died with it, hence the question to xenstored itself.
        Task<bool> isAlive =
            listed.Contains(text) ? store.IsDomainIntroducedAsync(domid, cancellationToken).AsTask() : Task.FromResult(false);
        await Task.WhenAll(name, isAlive).ConfigureAwait(false);
        return await isAlive.ConfigureAwait(false)
            ? new Life(domid, true, await name.ConfigureAwait(false) is { Length: > 0 } known ? Text.Show(known) : null)
            : new Life(domid, false, null);
    }

    /// <summary>A PCI back end in dom0: the function, and the domain that it serves it to.</summary>
    private sealed record Backend(PciAddress Address, int Domid);

    /// <summary>Whether a domain runs, and its name when it does and has one.</summary>
    private sealed record Life(int Domid, bool IsAlive, string? Name);
}
