using System.Globalization;
using XenDriverDomain.Domains;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tour.Steps;

/// <summary>The echo replies that the client counts in xenstore.</summary>
internal static class Traffic
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the count has grown, and tells it.</summary>
    public static async Task CountAsync(Stage stage, CancellationToken cancellationToken)
    {
        IXenStoreClient store = await stage.Host.Dom0.GetXenStoreAsync(cancellationToken);
        DomainInfo guest = await stage.Host.Domains.ResolveAsync(Serving.Guest, cancellationToken);
        XenStorePath node = await store.GetDomainPathAsync(guest.Domid, cancellationToken) / "data" / "traffic";
        int? first = null;
        string? grown = await store.WaitUntilAsync(
            [node.ToString()],
            async token =>
            {
                string text = await store.TryReadTextAsync(node, token) ?? string.Empty;
                if (!text.StartsWith("ok ", StringComparison.Ordinal)
                    || !int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
                {
                    return null;
                }

                first ??= count;
                return count > first ? $"{count} echo replies so far, and the number grows." : null;
            },
            s_limit,
            stage.Host.Dom0.Time,
            cancellationToken);
        stage.Say(grown ?? throw new TourException($"no packets within {s_limit.TotalSeconds:0} s"));
    }
}
