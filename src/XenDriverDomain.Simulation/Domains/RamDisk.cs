using System.Globalization;
using System.IO.Compression;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Files;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// What a kernel has unpacked from an initial RAM disk: a cpio archive in the format newc, packed by gzip (Linux, init/initramfs.c).
/// </summary>
internal sealed class RamDisk
{
    private const int HeaderLength = 110;
    private const int FieldLength = 8;
    private const int FieldsStart = 6;
    private const int ModeField = 1;
    private const int SizeField = 6;
    private const int NameSizeField = 11;
    private const int KindMask = 0xf000;
    private const int Directory = 0x4000;
    private const int Ordinary = 0x8000;
    private const int Link = 0xa000;
    private const int Execute = 0x49;
    private const string Needs = "needs: ";

    private static readonly string[] s_folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    private readonly FileTree _tree = new();

    private RamDisk()
    {
    }

    /// <summary>Whether somebody packed it at all: stand-ins of built-in guests are no more than a line of text.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    /// <summary>Unpacks one; null when it is damaged.</summary>
    public static RamDisk? TryUnpack(byte[] file)
    {
        try
        {
            using GZipStream packed = new(new MemoryStream(file), CompressionMode.Decompress);
            using MemoryStream unpacked = new();
            packed.CopyTo(unpacked);
            RamDisk disk = new();
            return disk.Read(unpacked.ToArray()) ? disk : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The text of a file; null when there is none.</summary>
    public string? Text(string path) =>
        _tree.Find(path, followLast: true, out _)?.Node is OrdinaryFile file ? Encoding.UTF8.GetString(file.Content) : null;

    /// <summary>Whether a program can be run: by its path, or by its name in the search path.</summary>
    public bool Runs(string program) => program.StartsWith('/')
        ? IsProgram(program)
        : s_folders.Select(folder => $"{folder}/{program}").FirstOrDefault(path => _tree.Find(path, followLast: true, out _) is not null)
            is { } found && IsProgram(found);

    // A script needs who interprets it; what a program loads stands in it, and in what it loads.
    private bool IsProgram(string path)
    {
        if (_tree.Find(path, followLast: true, out _)?.Node is not OrdinaryFile file || (file.Mode & Execute) == 0)
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(file.Content);
        return text.StartsWith("#!", StringComparison.Ordinal)
            ? IsProgram(text[2..].Split('\n')[0].Trim().Split(' ')[0])
            : Loads(text, new HashSet<string>(StringComparer.Ordinal));
    }

    private bool Loads(string text, HashSet<string> seen) => text.Split('\n')
        .Where(line => line.StartsWith(Needs, StringComparison.Ordinal))
        .Select(line => line[Needs.Length..].Trim())
        .All(path => !seen.Add(path) || (Text(path) is { } library && Loads(library, seen)));

    private bool Read(byte[] archive)
    {
        int at = 0;
        while (at + HeaderLength <= archive.Length)
        {
            string header = Encoding.ASCII.GetString(archive, at, HeaderLength);
            if (!header.StartsWith("070701", StringComparison.Ordinal)
                || Field(header, ModeField) is not { } mode || Field(header, SizeField) is not { } size
                || Field(header, NameSizeField) is not { } nameSize || nameSize < 1)
            {
                return false;
            }

            long content = Aligned(at + HeaderLength + nameSize);
            if (content + size > archive.Length)
            {
                return false;
            }

            string name = Encoding.UTF8.GetString(archive, at + HeaderLength, (int)nameSize - 1);
            if (name == "TRAILER!!!")
            {
                return true;
            }

            if (!Make("/" + name, (int)mode, archive.AsSpan((int)content, (int)size)))
            {
                return false;
            }

            at = (int)Math.Min(Aligned(content + size), int.MaxValue);
        }

        return false;
    }

    // The kernel makes no directories that the archive does not name: what is in such a one is lost.
    private bool Make(string path, int mode, ReadOnlySpan<byte> content)
    {
        if (_tree.Find(HostPath.Parent(path), followLast: true, out _)?.Node is not DirectoryNode)
        {
            return true;
        }

        switch (mode & KindMask)
        {
            case Directory:
                _tree.MakeDirectory(path);
                return true;
            case Ordinary:
                _tree.Put(path, new OrdinaryFile(content.ToArray(), mode & 0xfff));
                return true;
            case Link:
                _tree.Put(path, new LinkNode(Encoding.UTF8.GetString(content)));
                return true;
            default:
                return true;
        }
    }

    private static long? Field(string header, int index) => long.TryParse(
        header.AsSpan(FieldsStart + (FieldLength * index), FieldLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
        out long value) && value <= int.MaxValue
        ? value
        : null;

    private static long Aligned(long at) => (at + 3) / 4 * 4;
}
