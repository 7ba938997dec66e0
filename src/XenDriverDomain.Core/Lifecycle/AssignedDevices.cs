using XenDriverDomain.Backends;
using XenDriverDomain.Domains;
using XenDriverDomain.Pci;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Lifecycle;

/// <summary>The PCI functions that domains have, from dom0's pciback records (<c>/local/domain/0/backend/pci/N/0</c>).</summary>
internal static class AssignedDevices
{
    private const int MaxDevices = 256;
    private static readonly XenStorePath s_backends = XenStorePath.Parse("/local/domain/0/backend/pci");

    /// <summary>Those of one domain, in the order of assignment.</summary>
    public static async Task<IReadOnlyList<PciAddress>> ReadAsync(IXenStore store, int domid, CancellationToken cancellationToken)
    {
        XenStorePath record = s_backends / domid / 0;
        int count = await store.TryReadNumberAsync(record / "num_devs", cancellationToken).ConfigureAwait(false) ?? 0;
        string?[] read = await Task.WhenAll(Enumerable.Range(0, Math.Min(count, MaxDevices)).Select(
            i => store.TryReadTextAsync(record / $"dev-{i}", cancellationToken).AsTask())).ConfigureAwait(false);
        return [.. read.Where(text => text is not null && PciAddress.TryParse(text, out _)).Select(text => PciAddress.Parse(text!))];
    }

    /// <summary>The domids of all domains that have some.</summary>
    public static async Task<IReadOnlyList<int>> DomainsAsync(IXenStore store, CancellationToken cancellationToken) =>
        [.. XenPaths.Numbers(await store.TryListAsync(s_backends, cancellationToken).ConfigureAwait(false), DomainRef.MaxDomid)];
}
