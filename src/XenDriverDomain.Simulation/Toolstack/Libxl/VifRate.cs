using System.Globalization;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>
/// The limit of an interface's rate: <c>10MB/s@20ms</c> in a configuration, bytes and microseconds in xenstore (libxlu_vif.c).
/// </summary>
internal static class VifRate
{
    private const ulong DefaultInterval = 50_000;

    /// <summary>What libxl stores for a rate that has been checked.</summary>
    public static string ToStored(string rate)
    {
        string[] parts = rate.Split("/s", 2);
        ulong perSecond = Bytes(parts[0]);
        ulong interval = parts[1].Length > 0 ? Microseconds(parts[1][1..]) : DefaultInterval;
        return string.Create(CultureInfo.InvariantCulture, $"{perSecond * interval / 1_000_000},{interval}");
    }

    private static ulong Bytes(string text)
    {
        ulong value = Digits(text);
        ulong factor = text.Contains('G', StringComparison.Ordinal) ? 1_000_000_000UL
            : text.Contains('M', StringComparison.Ordinal) ? 1_000_000UL
            : text.Contains('K', StringComparison.Ordinal) ? 1_000UL : 1;
        return text.EndsWith('b') ? value * factor / 8 : value * factor;
    }

    private static ulong Microseconds(string text) =>
        Digits(text) * (text.EndsWith("us", StringComparison.Ordinal)
            ? 1UL
            : text.EndsWith("ms", StringComparison.Ordinal) ? 1_000UL : 1_000_000UL);

    private static ulong Digits(string text) =>
        ulong.Parse(text.AsSpan(0, text.AsSpan().IndexOfAnyExceptInRange('0', '9')), NumberStyles.None, CultureInfo.InvariantCulture);
}
