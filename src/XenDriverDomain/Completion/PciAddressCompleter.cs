using XenDriverDomain.Hosts;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Completion;

/// <summary>Completes the addresses of all PCI functions, with their names as tooltips.</summary>
internal class PciAddressCompleter : HostCompleter
{
    /// <summary>Which functions are offered.</summary>
    private protected virtual bool Offers(PciDevice device) => true;

    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        [.. (await host.Pci.ListBrieflyAsync(cancellationToken).ConfigureAwait(false))
            .Where(Offers)
            .Select(d => new Candidate(d.Address.ToString(), $"{d.ClassName}: {d.VendorName} {d.DeviceName} ({d.State})"))];
}
