namespace XenDriverDomain.Kernels;

/// <summary>A way to compress a kernel that the framework has no decompressor for.</summary>
/// <param name="Name">Its name, as CONFIG_KERNEL_… and its program have it.</param>
/// <param name="Unpack">The program that unpacks it, for a person.</param>
/// <param name="Magic">The first bytes of what it makes (scripts/extract-vmlinux, lib/decompress.c).</param>
internal sealed record KernelCompression(string Name, string Unpack, params byte[] Magic)
{
    /// <summary>Those that kernels can be built with.</summary>
    public static IReadOnlyList<KernelCompression> All { get; } =
    [
        new("xz", "xz -dc", 0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0),
        new("zstd", "zstd -dc", 0x28, 0xb5, 0x2f, 0xfd),
        new("lz4", "lz4 -dc", 0x02, 0x21, 0x4c, 0x18),
        new("lzo", "lzop -dc", 0x89, (byte)'L', (byte)'Z', (byte)'O', 0),
        new("bzip2", "bzip2 -dc", (byte)'B', (byte)'Z', (byte)'h'),
        new("lzma", "unlzma -c", 0x5d, 0, 0, 0),
    ];

    /// <summary>The one that data begin with; null for none of them.</summary>
    public static KernelCompression? Of(ReadOnlySpan<byte> data)
    {
        foreach (KernelCompression one in All)
        {
            if (data.StartsWith(one.Magic))
            {
                return one;
            }
        }

        return null;
    }

    /// <summary>The first whose magic occurs anywhere; only those are looked for whose magic is long enough to mean something.</summary>
    public static KernelCompression? In(ReadOnlySpan<byte> data)
    {
        foreach (KernelCompression one in All)
        {
            if (one.Magic.Length >= 4 && one.Name != "lzma" && data.IndexOf(one.Magic) >= 0)
            {
                return one;
            }
        }

        return null;
    }
}
