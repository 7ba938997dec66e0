using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace XenDriverDomain.Kernels;

/// <summary>Unpacks gzip up to a limit, so that a small file cannot fill the memory, and tells a cut file from a whole one.</summary>
internal static class BoundedGzip
{
    /// <summary>The first bytes of a file that is compressed with gzip (RFC 1952: magic and the only method there is).</summary>
    public static ReadOnlySpan<byte> Magic => [0x1f, 0x8b, 8];

    private const int TrailerLength = 8;

    /// <summary>Unpacks the first bytes, at most <paramref name="length"/>.</summary>
    /// <exception cref="InvalidDataException">The data are damaged.</exception>
    public static byte[] Head(ReadOnlyMemory<byte> packed, int length)
    {
        using GZipStream stream = Open(packed);
        byte[] head = new byte[length];
        return head[..stream.ReadAtLeast(head, length, throwOnEndOfStream: false)];
    }

    /// <summary>Unpacks all; null when that is more than <paramref name="limit"/> bytes.</summary>
    /// <exception cref="InvalidDataException">The data are damaged or cut.</exception>
    public static byte[]? All(ReadOnlyMemory<byte> packed, int limit)
    {
        using GZipStream stream = Open(packed);
        byte[] buffer = new byte[Math.Min(limit, 64 * 1024)];
        using MemoryStream all = new();
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (all.Length + read > limit)
            {
                return null;
            }

            all.Write(buffer, 0, read);
        }

        // The framework takes the end of the input for the end of the data. The trailer has the length that there must be.
        return packed.Length > TrailerLength && BinaryPrimitives.ReadUInt32LittleEndian(packed.Span[^4..]) == all.Length
            ? all.ToArray()
            : throw new InvalidDataException("The data end too early.");
    }

    /// <summary>A stream of the unpacked data.</summary>
    public static GZipStream Open(ReadOnlyMemory<byte> packed) => new(MemoryOf(packed), CompressionMode.Decompress);

    /// <summary>A stream over data that are in memory already, without a copy where they are an array.</summary>
    public static MemoryStream MemoryOf(ReadOnlyMemory<byte> data) =>
        MemoryMarshal.TryGetArray(data, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(data.ToArray(), writable: false);
}
