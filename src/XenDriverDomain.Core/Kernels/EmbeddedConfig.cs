namespace XenDriverDomain.Kernels;

/// <summary>
/// Finds the configuration that a kernel carries with CONFIG_IKCONFIG: compressed with gzip between <c>IKCFG_ST</c> and
/// <c>IKCFG_ED</c> (kernel/configs.c). The kernel is read as a stream, so that its size costs time and no memory.
/// </summary>
internal static class EmbeddedConfig
{
    /// <summary>The most bytes of an unpacked kernel that are searched; with debug information some have 400 million.</summary>
    public const long KernelLimit = 512L * 1024 * 1024;

    /// <summary>The most bytes between the two marks; today's have 70,000.</summary>
    private const int PackedLimit = 1024 * 1024;

    private const int Step = 64 * 1024;

    // With gzip's magic, since the mark alone also occurs in code that looks for it.
    private static ReadOnlySpan<byte> Start => "IKCFG_ST\u001f"u8;

    private static ReadOnlySpan<byte> GzipRest => [0x8b, 8];

    private static ReadOnlySpan<byte> End => "IKCFG_ED"u8;

    private static int MarkLength => "IKCFG_ST".Length;

    /// <summary>The compressed configuration; null when there is none.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="kernel">The unpacked kernel.</param>
    /// <param name="budget">How many bytes may still be searched in this file; it goes down by those that were.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="Errors.XenDriverDomainException">KernelConfigTooLarge, KernelImageDamaged.</exception>
    /// <exception cref="InvalidDataException">The kernel cannot be unpacked.</exception>
    public static byte[]? Find(string path, Stream kernel, ref long budget, CancellationToken cancellationToken)
    {
        byte[] window = new byte[Step + Start.Length + GzipRest.Length];
        int kept = 0;
        int read;
        while ((read = kernel.ReadAtLeast(window.AsSpan(kept), window.Length - kept, throwOnEndOfStream: false)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            budget -= read;
            if (budget < 0)
            {
                throw KernelErrors.TooLarge(path, "a kernel", KernelLimit);
            }

            Span<byte> seen = window.AsSpan(0, kept + read);
            int at = IndexOfStart(seen);
            if (at >= 0)
            {
                return Take(path, seen[(at + MarkLength)..], kernel);
            }

            // The mark may lie across the end of the window.
            kept = Math.Min(seen.Length, Start.Length + GzipRest.Length - 1);
            seen[^kept..].CopyTo(window);
        }

        return null;
    }

    private static int IndexOfStart(ReadOnlySpan<byte> data)
    {
        int from = 0;
        while (true)
        {
            int at = data[from..].IndexOf(Start);
            if (at < 0)
            {
                return -1;
            }

            at += from;
            if (data[(at + Start.Length)..].StartsWith(GzipRest))
            {
                return at;
            }

            from = at + 1;
        }
    }

    private static byte[] Take(string path, ReadOnlySpan<byte> begun, Stream kernel)
    {
        byte[] packed = new byte[PackedLimit];
        begun.CopyTo(packed);
        int length = begun.Length
            + kernel.ReadAtLeast(packed.AsSpan(begun.Length), packed.Length - begun.Length, throwOnEndOfStream: false);
        int end = packed.AsSpan(0, length).IndexOf(End);
        return end >= 0
            ? packed[..end]
            : throw KernelErrors.Damaged(path, $"the configuration in it has no end within {PackedLimit} bytes");
    }
}
