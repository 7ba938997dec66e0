using System.Buffers.Binary;

namespace XenDriverDomain.Kernels;

/// <summary>
/// Gets the configuration out of a kernel image: an uncompressed kernel (ELF, arm64's Image, configs.ko), one compressed with gzip as a
/// whole (Xen's own 2.6.18 and arm64), an x86 bzImage (Documentation/arch/x86/boot.rst) or an EFI image
/// (drivers/firmware/efi/libstub/zboot-header.S).
/// </summary>
internal static class KernelImage
{
    /// <summary>The most bytes of a file that are read.</summary>
    public const int FileLimit = 128 * 1024 * 1024;

    // Of an image that does not say where its payload is; what is no gzip stream fails within its first bytes.
    private const int MostCandidates = 64;

    private const int Sector = 512;

    /// <summary>The unpacked configuration.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="file">Its content.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="Errors.XenDriverDomainException">
    /// KernelConfigNotEmbedded, KernelCompressionUnsupported, KernelImageDamaged, KernelConfigTooLarge.
    /// </exception>
    public static byte[] ReadConfig(string path, ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        try
        {
            byte[] packed = Find(path, file, cancellationToken) ?? throw KernelErrors.NotEmbedded(path);
            return BoundedGzip.All(packed, KernelConfigText.Limit)
                ?? throw KernelErrors.TooLarge(path, "a configuration", KernelConfigText.Limit);
        }
        catch (InvalidDataException e)
        {
            throw KernelErrors.Damaged(path, "its compressed data do not unpack", e);
        }
    }

    private static byte[]? Find(string path, ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        long budget = EmbeddedConfig.KernelLimit;
        ReadOnlyMemory<byte>? named = PayloadOf(path, file);
        ReadOnlyMemory<byte> payload = named ?? file;
        if (payload.Span.StartsWith(BoundedGzip.Magic))
        {
            using Stream kernel = BoundedGzip.Open(payload);
            return EmbeddedConfig.Find(path, kernel, ref budget, cancellationToken);
        }

        if (KernelCompression.Of(payload.Span) is { } compression)
        {
            throw KernelErrors.Unsupported(path, compression.Name, compression.Unpack);
        }

        using MemoryStream plain = BoundedGzip.MemoryOf(payload);
        return EmbeddedConfig.Find(path, plain, ref budget, cancellationToken)
            ?? (named is null && IsSelfExtracting(file.Span) ? FindInside(path, file, ref budget, cancellationToken) : null);
    }

    // Where the header says that the compressed kernel is; null when it does not say.
    private static ReadOnlyMemory<byte>? PayloadOf(string path, ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> head = file.Span;
        if (IsX86Boot(head) && head.Length >= 0x250 && BinaryPrimitives.ReadUInt16LittleEndian(head[0x206..]) >= 0x0208)
        {
            int sectors = head[0x1f1] == 0 ? 4 : head[0x1f1];
            return Slice(path, file, ((sectors + 1L) * Sector) + Number(head, 0x248), Number(head, 0x24c));
        }

        if (head.Length >= 0x40 && head.StartsWith("MZ"u8) && head[4..].StartsWith("zimg"u8))
        {
            return Slice(path, file, Number(head, 8), Number(head, 12));
        }

        return null;
    }

    private static ReadOnlyMemory<byte> Slice(string path, ReadOnlyMemory<byte> file, long start, long length) =>
        start + length <= file.Length
            ? file.Slice((int)start, (int)length)
            : throw KernelErrors.Damaged(
                path, $"its header puts the compressed kernel at {start} + {length}, beyond its end at {file.Length}");

    private static uint Number(ReadOnlySpan<byte> head, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(head[offset..]);

    private static bool IsX86Boot(ReadOnlySpan<byte> head) =>
        head.Length > 0x208 && head[0x1fe] == 0x55 && head[0x1ff] == 0xaa && head[0x202..].StartsWith("HdrS"u8);

    // An x86 image before boot protocol 2.08 (Linux 2.6.26), or ARM's zImage, whose magic number is at 0x24.
    private static bool IsSelfExtracting(ReadOnlySpan<byte> head) =>
        IsX86Boot(head) || (head.Length > 0x28 && Number(head, 0x24) == 0x016f2818);

    private static byte[]? FindInside(string path, ReadOnlyMemory<byte> file, ref long budget, CancellationToken cancellationToken)
    {
        int at = 0;
        for (int i = 0; i < MostCandidates; i++)
        {
            int next = file.Span[at..].IndexOf(BoundedGzip.Magic);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (TryUnpack(path, file[at..], ref budget, cancellationToken) is { } found)
            {
                return found;
            }

            at++;
        }

        return KernelCompression.In(file.Span) is { } compression
            ? throw KernelErrors.Unsupported(path, compression.Name, compression.Unpack)
            : null;
    }

    private static byte[]? TryUnpack(string path, ReadOnlyMemory<byte> packed, ref long budget, CancellationToken cancellationToken)
    {
        try
        {
            using Stream kernel = BoundedGzip.Open(packed);
            return EmbeddedConfig.Find(path, kernel, ref budget, cancellationToken);
        }
        catch (InvalidDataException)
        {
            // Three bytes that only look like the beginning of gzip.
            return null;
        }
    }
}
