using System.Buffers.Binary;
using System.Text;

namespace XenDriverDomain.Tests.Roots;

/// <summary>Makes the smallest ELF file that has versions of symbols.</summary>
internal static class ElfFile
{
    /// <summary>A file that needs versions of libraries, and defines some.</summary>
    public static byte[] Make(IReadOnlyList<(string Library, string Version)> needs, IReadOnlyList<string> has)
    {
        MemoryStream names = new();
        names.WriteByte(0);
        byte[] need = new byte[needs.Count * 32], definition = new byte[has.Count * 28];
        for (int i = 0; i < needs.Count; i++)
        {
            Span<byte> one = need.AsSpan(i * 32);
            BinaryPrimitives.WriteUInt16LittleEndian(one, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(one[2..], 1);
            BinaryPrimitives.WriteInt32LittleEndian(one[4..], Name(needs[i].Library));
            BinaryPrimitives.WriteInt32LittleEndian(one[8..], 16);
            BinaryPrimitives.WriteInt32LittleEndian(one[12..], i + 1 < needs.Count ? 32 : 0);
            BinaryPrimitives.WriteInt32LittleEndian(one[24..], Name(needs[i].Version));
        }

        for (int i = 0; i < has.Count; i++)
        {
            Span<byte> one = definition.AsSpan(i * 28);
            BinaryPrimitives.WriteUInt16LittleEndian(one, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(one[6..], 1);
            BinaryPrimitives.WriteInt32LittleEndian(one[12..], 20);
            BinaryPrimitives.WriteInt32LittleEndian(one[16..], i + 1 < has.Count ? 28 : 0);
            BinaryPrimitives.WriteInt32LittleEndian(one[20..], Name(has[i]));
        }

        byte[][] contents = [names.ToArray(), need, definition];
        uint[] types = [3, 0x6ffffffe, 0x6ffffffd];
        byte[] file = new byte[64 + contents.Sum(content => content.Length) + 3 * 64];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        int at = 64, table = file.Length - 3 * 64;
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(0x28), table);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x3a), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x3c), 3);
        for (int i = 0; i < 3; i++)
        {
            Span<byte> section = file.AsSpan(table + i * 64);
            BinaryPrimitives.WriteUInt32LittleEndian(section[4..], types[i]);
            BinaryPrimitives.WriteInt64LittleEndian(section[0x18..], at);
            BinaryPrimitives.WriteInt64LittleEndian(section[0x20..], contents[i].Length);
            contents[i].CopyTo(file, at);
            at += contents[i].Length;
        }

        return file;

        int Name(string text)
        {
            int place = (int)names.Length;
            names.Write(Encoding.Latin1.GetBytes(text + '\0'));
            return place;
        }
    }
}
