using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the bridges that driver domains were created with and that vifs use.</summary>
public sealed class BridgeCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken)
    {
        IEnumerable<string?> configured = (await host.DriverDomains.ListAsync(cancellationToken).ConfigureAwait(false)).Select(d => d.Bridge);
        IEnumerable<string?> used = (await host.Vifs.ListAsync(cancellationToken).ConfigureAwait(false)).Select(v => v.Bridge);
        return [.. configured.Concat(used).OfType<string>().Distinct(StringComparer.Ordinal).Select(b => new Candidate(b, "bridge"))];
    }
}
