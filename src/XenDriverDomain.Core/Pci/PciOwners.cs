using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Pci;

/// <summary>
/// Which domain has which function: the toolstack's records and the back ends taken together, and whether those domains still run.
/// </summary>
internal sealed class PciOwners(Dom0 dom0)
{
    /// <summary>What the domain may do; "control_d" in it makes a dom0 (drivers/xen/xenfs/super.c).</summary>
    public const string Capabilities = "/proc/xen/capabilities";

    /// <summary>Whether capabilities are those of a dom0.</summary>
    public static bool IsControlling(string capabilities) => capabilities.Contains("control_d", StringComparison.Ordinal);

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The records by address. Null when xenstored could not be asked: the PCI functions are listed all the same, and whether
    /// this is a dom0 decides how loudly that is said.
    /// </summary>
    /// <param name="sys">What the kernel said of itself, <see cref="Capabilities"/> among it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<PciAddress, PciRecord>?> ReadAsync(
        Task<BulkAnswer> sys, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(s_limit, dom0.Time);
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
            why = $"xenstored did not answer within {s_limit.TotalSeconds:0} s.";
        }

        string message = $"Whether a domain has a PCI device is not known on {dom0.Id}: {why}";
        string capabilities = (await sys.ConfigureAwait(false)).Files.GetValueOrDefault(Capabilities, string.Empty);
        if (IsControlling(capabilities))
        {
            dom0.Reporter.Warning(message);
        }
        else
        {
            dom0.Reporter.Verbose(message);
        }

        return null;
    }

    private static async Task<IReadOnlyDictionary<PciAddress, PciRecord>> ReadAsync(
        IXenStoreClient store, CancellationToken cancellationToken)
    {
        (IReadOnlyList<string>? domains, IReadOnlyList<PciRecord> current, IReadOnlyList<PciRecord> older,
            ILookup<PciAddress, int> served) = await Together.AllAsync(
                store.TryListAsync(XenPaths.Domains, cancellationToken).AsTask(),
                PciRecordReader.ListAsync(store, XenPaths.PciRecords, cancellationToken),
                PciRecordReader.ListAsync(store, XenPaths.OlderPciRecords, cancellationToken),
                ReadBackendsAsync(store, cancellationToken)).ConfigureAwait(false);
        HashSet<string> listed = [.. domains ?? []];
        Dictionary<PciAddress, PciRecord> newer = current.ToDictionary(record => record.Address);
        Dictionary<PciAddress, PciRecord> records = new(newer);
        foreach (PciRecord record in older)
        {
            records.TryAdd(record.Address, record);
        }

        foreach (IGrouping<PciAddress, int> one in served)
        {
            records.TryAdd(one.Key, new PciRecord { Address = one.Key });
        }

        IEnumerable<int> domids =
            records.Values.Select(record => record.RecordedDomid).OfType<int>().Concat(served.SelectMany(one => one)).Distinct();
        Dictionary<int, Life> lives = (await Task.WhenAll(domids.Select(domid => ReadLifeAsync(store, listed, domid, cancellationToken)))
            .ConfigureAwait(false)).ToDictionary(life => life.Domid);
        return records.Values.ToDictionary(
            record => record.Address,
            record => record with
            {
                Owner = Judge(
                    record.RecordedDomid is { } recorded ? lives[recorded] : null,
                    served[record.Address].Select(domid => lives[domid]).OrderByDescending(life => life.IsAlive).FirstOrDefault(),
                    newer.ContainsKey(record.Address)),
            });
    }

    /// <summary>Who has a function.</summary>
    /// <param name="recorded">The domain that the toolstack's record names.</param>
    /// <param name="served">The domain that a back end names, one that runs before others.</param>
    /// <param name="isKept">True when the toolstack keeps records of its own for the function, with owners.</param>
    private static PciOwner? Judge(Life? recorded, Life? served, bool isKept)
    {
        bool knowsBetter = recorded is not null && (recorded.IsAlive || served is not { IsAlive: true });

        // A back end left by a dead domain binds only those libxl that keep no record of their own.
        bool isLeftOver = served is { IsAlive: false } && isKept;
        return served is not null && !knowsBetter && !isLeftOver
            ? new PciOwner(served.Domid, true, served.IsAlive, served.Name)
            : recorded is not null ? new PciOwner(recorded.Domid, false, recorded.IsAlive, recorded.Name)
            : null;
    }

    private static async Task<ILookup<PciAddress, int>> ReadBackendsAsync(IXenStore store, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> domids = await PciRecordReader.ServedDomainsAsync(store, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PciAddress>[] served = await Task.WhenAll(
            domids.Select(domid => PciRecordReader.ServedAsync(store, domid, cancellationToken))).ConfigureAwait(false);
        return domids.SelectMany((domid, i) => served[i].Select(address => (Address: address, Domid: domid)))
            .ToLookup(one => one.Address, one => one.Domid);
    }

    private static async Task<Life> ReadLifeAsync(
        IXenStoreClient store, HashSet<string> listed, int domid, CancellationToken cancellationToken)
    {
        // The directory of a domain outlives it when its toolstack died with it, hence the question to xenstored itself.
        (string? name, bool isAlive) = await Together.AllAsync(
            store.TryReadTextAsync(XenPaths.Name(domid), cancellationToken).AsTask(),
            listed.Contains(domid.ToString(CultureInfo.InvariantCulture))
                ? store.IsDomainIntroducedAsync(domid, cancellationToken).AsTask()
                : Task.FromResult(false)).ConfigureAwait(false);
        return new Life(domid, isAlive, isAlive && name is { Length: > 0 } ? Text.Show(name) : null);
    }

    /// <summary>Whether a domain runs, and its name when it does and has one.</summary>
    private sealed record Life(int Domid, bool IsAlive, string? Name);
}

/// <summary>The domain that has a function.</summary>
/// <param name="Domid">Its domid.</param>
/// <param name="IsFromBackend">True when only a PCI back end in dom0 names it, and no record of the toolstack's.</param>
/// <param name="IsAlive">True when it runs.</param>
/// <param name="Name">Its name, fit to be shown, when it runs and has one.</param>
internal sealed record PciOwner(int Domid, bool IsFromBackend, bool IsAlive, string? Name);
