using System.Buffers.Binary;
using System.Text;

namespace XenDriverDomain.Roots;

/// <summary>
/// Which versions of symbols a program or library needs of others, and which it has (LSB, symbol versioning: the sections .gnu.version_r
/// and .gnu.version_d): what the loader compares before it runs anything.
/// </summary>
/// <param name="Needs">What it needs: a library by its soname, and a version such as GLIBC_2.34.</param>
/// <param name="Has">The versions that it defines.</param>
internal sealed record ElfVersions(IReadOnlyList<(string Library, string Version)> Needs, IReadOnlySet<string> Has)
{
    private const uint Need = 0x6ffffffe;
    private const uint Definition = 0x6ffffffd;

    // More than any library has; a chain that leads back to itself ends here.
    private const int MostEntries = 4096;

    /// <summary>Reads a file; null for one that is no 64-bit little-endian ELF with versions, such as a script.</summary>
    public static ElfVersions? TryRead(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("\u007fELF\u0002\u0001"u8) || file.Length < 64)
        {
            return null;
        }

        List<(string, string)> needs = [];
        HashSet<string> has = new(StringComparer.Ordinal);
        try
        {
            int sections = Number(file, 0x28, 8), size = Number(file, 0x3a, 2), count = Number(file, 0x3c, 2);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> section = file.Slice(sections + i * size, 64);
                uint type = BinaryPrimitives.ReadUInt32LittleEndian(section[4..]);
                if (type is Need or Definition && Number(section, 0x20, 8) > 0)
                {
                    ReadOnlySpan<byte> names = Content(file, file.Slice(sections + Number(section, 0x28, 4) * size, 64));
                    if (type == Need)
                    {
                        ReadNeeds(Content(file, section), names, needs);
                    }
                    else
                    {
                        ReadDefinitions(Content(file, section), names, has);
                    }
                }
            }
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }

        return new ElfVersions(needs, has);
    }

    private static void ReadNeeds(ReadOnlySpan<byte> content, ReadOnlySpan<byte> names, List<(string, string)> needs)
    {
        for (int at = 0, left = MostEntries; left > 0; left--)
        {
            string library = Text(names, Number(content, at + 4, 4));
            int one = at + Number(content, at + 8, 4);
            for (int n = Number(content, at + 2, 2); n > 0; n--)
            {
                needs.Add((library, Text(names, Number(content, one + 8, 4))));
                one += Number(content, one + 12, 4);
            }

            int next = Number(content, at + 12, 4);
            if (next == 0)
            {
                return;
            }

            at += next;
        }
    }

    private static void ReadDefinitions(ReadOnlySpan<byte> content, ReadOnlySpan<byte> names, HashSet<string> has)
    {
        for (int at = 0, left = MostEntries; left > 0; left--)
        {
            has.Add(Text(names, Number(content, at + Number(content, at + 12, 4), 4)));
            int next = Number(content, at + 16, 4);
            if (next == 0)
            {
                return;
            }

            at += next;
        }
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file, ReadOnlySpan<byte> section) =>
        file.Slice(Number(section, 0x18, 8), Number(section, 0x20, 8));

    private static int Number(ReadOnlySpan<byte> data, int at, int size) => size switch
    {
        2 => BinaryPrimitives.ReadUInt16LittleEndian(data[at..]),
        4 => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(data[at..])),
        _ => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(data[at..])),
    };

    private static string Text(ReadOnlySpan<byte> names, int at)
    {
        ReadOnlySpan<byte> rest = names[at..];
        return Encoding.Latin1.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
