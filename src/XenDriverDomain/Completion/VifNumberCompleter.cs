using System.Globalization;
using XenDriverDomain.Backends;
using XenDriverDomain.Binding;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>Completes the numbers of the vifs that the guest and back end already typed have.</summary>
internal sealed class VifNumberCompleter : HostCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken) =>
        [.. (await host.Vifs.ListBrieflyAsync(cancellationToken).ConfigureAwait(false))
            .Where(v => VifFilter.IsOf(v, query.TextsOf("Guest"), query.TextsOf("Backend")))
            .GroupBy(v => v.Devid)
            .OrderBy(g => g.Key)
            .Select(g => new Candidate(g.Key.ToString(CultureInfo.InvariantCulture), Describe([.. g])))];

    private static string Describe(IReadOnlyList<GuestVif> vifs) => vifs is [var only]
        ? $"vif of {only.Guest ?? $"domid {only.GuestDomid}"}, backed by {only.Backend ?? $"domid {only.BackendDomid}"}{Trouble(only)}"
        : $"a vif of {vifs.Count} guests";

    // Whether its domains run would take xl; what else is wrong with it is known.
    private static string Trouble(GuestVif vif) => vif.Status == VifStatus.Unknown ? string.Empty : $": {vif.Status}";
}
