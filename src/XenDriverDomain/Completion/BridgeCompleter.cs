using XenDriverDomain.DriverDomains;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the bridges that driver domains were created with and that vifs use.</summary>
internal sealed class BridgeCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<DriverDomain>> driverDomains = host.DriverDomains.ListBrieflyAsync(cancellationToken);
        Task<IReadOnlyList<string>> used = host.Vifs.ListBridgesAsync(cancellationToken);
        await Task.WhenAll(driverDomains, used).ConfigureAwait(false);
        return
        [
            .. (await driverDomains.ConfigureAwait(false)).Select(d => d.Bridge).OfType<string>().Concat(await used.ConfigureAwait(false))
                .Distinct(StringComparer.Ordinal).Select(b => new Candidate(b, "bridge")),
        ];
    }
}
