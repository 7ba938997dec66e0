using System.Globalization;
using XenDriverDomain.Access.Posix;

namespace XenDriverDomain.Access.Ssh;

/// <summary>One output of one script: what comes before a marker that nobody could guess, which carries the script's status.</summary>
internal sealed class MarkedStream(byte[] marker, int limit)
{
    /// <summary>Three digits and a NUL follow the marker.</summary>
    private const int Trailer = 4;

    private readonly LimitedBuffer _kept = new(limit);
    private byte[] _pending = [];

    public bool IsComplete { get; private set; }

    public bool Truncated => _kept.Truncated;

    public int Status { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        if (IsComplete)
        {
            // Something that a program left behind prints on; its script has ended.
            return;
        }

        byte[] joined = [.. _pending, .. data];
        int found = joined.AsSpan().IndexOf(marker);
        if (found >= 0 && joined.Length >= found + marker.Length + Trailer)
        {
            _kept.Append(joined.AsSpan(0, found));
            _pending = [];
            IsComplete = true;
            Status = int.TryParse(joined.AsSpan(found + marker.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status)
                ? status
                : -1;
            return;
        }

        int flushed = found >= 0 ? found : Math.Max(0, joined.Length - marker.Length);
        _kept.Append(joined.AsSpan(0, flushed));
        _pending = joined[flushed..];
    }

    /// <summary>What came before the marker; while there is none, everything that came.</summary>
    public byte[] ToArray() => [.. _kept.ToArray(), .. _pending];
}
