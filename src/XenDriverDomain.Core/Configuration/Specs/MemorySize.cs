using System.Globalization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Specs;

/// <summary>An amount of memory for a domain, in whole MiB, as xl counts (memory=, maxmem=).</summary>
public readonly record struct MemorySize : IComparable<MemorySize>
{
    /// <summary>The least that makes sense for a domain, in MiB.</summary>
    public const int MinMegabytes = 16;

    /// <summary>The most, in MiB: 16 TiB, Xen's own limit on x86.</summary>
    public const int MaxMegabytes = 16 * 1024 * 1024;

    private const long BytesPerMegabyte = 1024 * 1024;

    private MemorySize(int megabytes) => Megabytes = megabytes;

    /// <summary>MiB.</summary>
    public int Megabytes { get; }

    /// <summary>Bytes.</summary>
    public long Bytes => Megabytes * BytesPerMegabyte;

    /// <summary>An amount in MiB.</summary>
    /// <exception cref="XenDriverDomainException">MemorySizeMalformed: out of bounds.</exception>
    public static MemorySize FromMegabytes(long megabytes) => megabytes is >= MinMegabytes and <= MaxMegabytes
        ? new MemorySize((int)megabytes)
        : throw Malformed($"{megabytes.ToString(CultureInfo.InvariantCulture)} MiB", Bounds);

    /// <summary>An amount in bytes, as PowerShell's 384MB is.</summary>
    /// <exception cref="XenDriverDomainException">MemorySizeMalformed: no whole MiB, or out of bounds.</exception>
    public static MemorySize FromBytes(long bytes)
    {
        string shown = $"{bytes.ToString(CultureInfo.InvariantCulture)} bytes";
        return bytes % BytesPerMegabyte != 0 ? throw Malformed(shown, "it is no whole number of MiB")
            : bytes / BytesPerMegabyte is >= MinMegabytes and <= MaxMegabytes
            ? new MemorySize((int)(bytes / BytesPerMegabyte))
            : throw Malformed(shown, Bounds);
    }

    /// <summary>
    /// Reads <c>384</c> (MiB, as in xl.cfg), <c>384m</c>, <c>384MB</c>, <c>384MiB</c>, <c>1g</c>, <c>1GB</c>, <c>1t</c>; any case.
    /// </summary>
    /// <exception cref="XenDriverDomainException">MemorySizeMalformed.</exception>
    public static MemorySize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> number = digits < 0 ? text : text.AsSpan(0, digits);
        long factor = text[number.Length..].ToUpperInvariant() switch
        {
            "" or "M" or "MB" or "MIB" => 1,
            "G" or "GB" or "GIB" => 1024,
            "T" or "TB" or "TIB" => 1024 * 1024,
            _ => 0,
        };
        if (factor == 0 || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
        {
            throw Malformed($"'{Terminal.Text.Show(text, 40)}'", "it must be a whole number with m, g or t, or without a unit for MiB");
        }

        long megabytes = value * factor;
        return megabytes is >= MinMegabytes and <= MaxMegabytes
            ? new MemorySize((int)megabytes)
            : throw Malformed($"'{text}'", Bounds);
    }

    /// <summary>MiB with the unit, such as <c>384 MiB</c>.</summary>
    public override string ToString() => $"{Megabytes.ToString(CultureInfo.InvariantCulture)} MiB";

    /// <inheritdoc/>
    public int CompareTo(MemorySize other) => Megabytes.CompareTo(other.Megabytes);

    /// <summary>Less memory.</summary>
    public static bool operator <(MemorySize left, MemorySize right) => left.Megabytes < right.Megabytes;

    /// <summary>More memory.</summary>
    public static bool operator >(MemorySize left, MemorySize right) => left.Megabytes > right.Megabytes;

    /// <summary>Not more memory.</summary>
    public static bool operator <=(MemorySize left, MemorySize right) => left.Megabytes <= right.Megabytes;

    /// <summary>Not less memory.</summary>
    public static bool operator >=(MemorySize left, MemorySize right) => left.Megabytes >= right.Megabytes;

    private static string Bounds => $"a domain has {MinMegabytes} MiB to {MaxMegabytes / 1024 / 1024} TiB";

    private static XenDriverDomainException Malformed(string shown, string why) => new(
        ErrorIds.MemorySizeMalformed,
        ErrorKind.InvalidArgument,
        $"{shown} cannot be a domain's memory: {why}.",
        "Write it with its unit, for example 384MB or 1GB.",
        shown);
}
