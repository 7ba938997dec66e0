using XenDriverDomain.Domains;
using XenDriverDomain.Waiting;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Pci;

/// <summary>
/// Reads what is written down about PCI functions: the toolstack's records (/libxl/pci/KEY/{driver_path,name,domid} since 4.15, before
/// /libxl/pciback/KEY/driver_path; libxl_pci.c), and the PCI back ends in dom0 (/local/domain/0/backend/pci/N/0/dev-I), which before 4.15
/// are all that says which domain has which function. Each method takes as many round trips as what it reads has levels.
/// </summary>
internal static class PciRecordReader
{
    /// <summary>The node with the driver's directory.</summary>
    public const string DriverPathNode = "driver_path";

    /// <summary>The node with the name.</summary>
    public const string NameNode = "name";

    /// <summary>The node with the owner.</summary>
    public const string DomidNode = "domid";

    private const string Kind = "pci";
    private const string DevicePrefix = "dev-";

    // Far more functions than a domain can have; libxl puts all of a domain's below back end 0.
    private const int MaxIndex = 0xffff;

    private static readonly XenStorePath[] s_folders = [XenPaths.PciRecords, XenPaths.OlderPciRecords];

    /// <summary>The PCI back ends in dom0, by domain: pciback works nowhere else.</summary>
    public static XenStorePath Backends => XenPaths.Backends(0, Kind);

    /// <summary>The record of one function; empty when there is none.</summary>
    /// <param name="store">The host's xenstore.</param>
    /// <param name="folder">Where its toolstack keeps records.</param>
    /// <param name="address">The function.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PciRecord> ReadAsync(
        IXenStore store, XenStorePath folder, PciAddress address, CancellationToken cancellationToken)
    {
        // Started together: requests are pipelined, so this is one round trip.
        XenStorePath path = folder / address.XenStoreKey;
        (string? driver, string? name, string? domid) = await Together.AllAsync(
            store.TryReadTextAsync(path / DriverPathNode, cancellationToken).AsTask(),
            store.TryReadTextAsync(path / NameNode, cancellationToken).AsTask(),
            ReadDomidAsync(store, folder, address, cancellationToken)).ConfigureAwait(false);
        return new PciRecord
        {
            Address = address,
            DriverPath = driver,
            Name = name,
            Domid = domid,
        };
    }

    /// <summary>The records of all functions in a folder.</summary>
    public static async Task<IReadOnlyList<PciRecord>> ListAsync(
        IXenStore store, XenStorePath folder, CancellationToken cancellationToken) =>
        await Task.WhenAll((await AddressesAsync(store, folder, cancellationToken).ConfigureAwait(false))
            .Select(address => ReadAsync(store, folder, address, cancellationToken))).ConfigureAwait(false);

    /// <summary>True when a record, be it stale or malformed, says that some domain has the function.</summary>
    public static async Task<bool> HasOwnerAsync(IXenStore store, PciAddress address, CancellationToken cancellationToken)
    {
        string?[] owners = await Task.WhenAll(s_folders.Select(folder => ReadDomidAsync(store, folder, address, cancellationToken)))
            .ConfigureAwait(false);
        return owners.Any(owner => owner is not null);
    }

    /// <summary>The functions that pciback serves to a domain, in the order in which they were given to it.</summary>
    public static async Task<IReadOnlyList<PciAddress>> ServedAsync(IXenStore store, int domid, CancellationToken cancellationToken)
    {
        XenStorePath backend = Backends / domid / 0;
        IReadOnlyList<string> names = await store.TryListAsync(backend, cancellationToken).ConfigureAwait(false) ?? [];
        IEnumerable<string> devicesByNumber = names.Where(name => name.StartsWith(DevicePrefix, StringComparison.Ordinal))
            .Select(name => name[DevicePrefix.Length..]);
        IEnumerable<int> numbers = XenPaths.Numbers([.. devicesByNumber], MaxIndex);
        string?[] devices = await Task.WhenAll(numbers.Select(
            number => store.TryReadTextAsync(backend / $"{DevicePrefix}{number}", cancellationToken).AsTask())).ConfigureAwait(false);
        return [.. devices.Where(text => PciAddress.TryParse(text, out _)).Select(text => PciAddress.Parse(text!))];
    }

    /// <summary>The domains that pciback serves functions to.</summary>
    public static async Task<IReadOnlyList<int>> ServedDomainsAsync(IXenStore store, CancellationToken cancellationToken) =>
        [.. XenPaths.Numbers(await store.TryListAsync(Backends, cancellationToken).ConfigureAwait(false), DomainRef.MaxDomid)];

    private static async Task<IEnumerable<PciAddress>> AddressesAsync(
        IXenStore store, XenStorePath folder, CancellationToken cancellationToken) =>
        (await store.TryListAsync(folder, cancellationToken).ConfigureAwait(false) ?? [])
            .Select(key => (Key: key, IsOne: PciAddress.TryParseXenStoreKey(key, out PciAddress address), Address: address))
            .Where(one => one.IsOne && one.Address.XenStoreKey == one.Key)
            .Select(one => one.Address);

    private static Task<string?> ReadDomidAsync(
        IXenStore store, XenStorePath folder, PciAddress address, CancellationToken cancellationToken) =>
        store.TryReadTextAsync(folder / address.XenStoreKey / DomidNode, cancellationToken).AsTask();
}
