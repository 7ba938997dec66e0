using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace XenDriverDomain.Tests.Kernels;

/// <summary>Kernel images made in memory, as small as their formats allow.</summary>
internal static class KernelImages
{
    /// <summary>What an unpacked kernel is for the search: code, the configuration between its marks, more code.</summary>
    public static byte[] Kernel(string config, int before = 100_000, int after = 5_000) =>
        [.. Code(before), .. "IKCFG_ST"u8, .. Gzip(Encoding.UTF8.GetBytes(config)), .. "IKCFG_ED"u8, .. Code(after)];

    public static byte[] Gzip(byte[] data)
    {
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Fastest))
        {
            stream.Write(data);
        }

        return packed.ToArray();
    }

    /// <summary>
    /// An x86 bzImage with one sector of set-up code and the payload at an odd place, as boot protocol 2.08 describes it.
    /// </summary>
    public static byte[] BzImage(byte[] payload, int protocol = 0x020f, int? payloadLength = null)
    {
        const int Offset = 0x2c5;
        byte[] image = new byte[1024 + Offset + payload.Length + 64];
        image[0x1f1] = 1;
        image[0x1fe] = 0x55;
        image[0x1ff] = 0xaa;
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x206), (ushort)protocol);
        if (protocol >= 0x0208)
        {
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x248), Offset);
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x24c), payloadLength ?? payload.Length);
        }

        payload.CopyTo(image.AsSpan(1024 + Offset));
        return image;
    }

    /// <summary>An EFI image of arm64 and others (zboot), with its payload behind the header.</summary>
    public static byte[] ZBoot(byte[] payload, string compression)
    {
        byte[] image = new byte[0x100 + payload.Length];
        "MZ"u8.CopyTo(image);
        "zimg"u8.CopyTo(image.AsSpan(4));
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(8), 0x100);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(12), payload.Length);
        Encoding.ASCII.GetBytes(compression).CopyTo(image, 24);
        payload.CopyTo(image.AsSpan(0x100));
        return image;
    }

    private static byte[] Code(int length)
    {
        byte[] code = new byte[length];
        new Random(length).NextBytes(code);

        // ELF's magic, and a mark that is only a string constant, as in code that looks for it.
        "\u007fELF"u8.CopyTo(code);
        "IKCFG_ST\0"u8.CopyTo(code.AsSpan(length / 2));
        return code;
    }
}
