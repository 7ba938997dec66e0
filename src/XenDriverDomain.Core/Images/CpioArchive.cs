using System.Buffers;
using System.Globalization;
using System.Text;
using XenDriverDomain.Access;

namespace XenDriverDomain.Images;

/// <summary>
/// Writes a cpio archive in the format that a kernel unpacks its initial RAM disk from: newc, magic 070701 (Linux,
/// Documentation/driver-api/early-userspace/buffer-format.rst). The same entries give the same bytes: owner, times and inode numbers are
/// not those of any host. An archive may follow another one in the same file; the kernel unpacks both. What is in dom0's own files is not
/// read here: the archive is the pieces that dom0 puts together.
/// </summary>
internal sealed class CpioArchive
{
    private const string Magic = "070701";
    private const string Trailer = "TRAILER!!!";
    private const int Alignment = 4;
    private const int DirectoryType = 0x4000;
    private const int FileType = 0x8000;
    private const int LinkType = 0xa000;
    private const int CharacterDeviceType = 0x2000;
    private const int DirectoryMode = 0x1ed;
    private const int LinkMode = 0x1ff;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<FilePiece> _pieces = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _inode;
    private long _written;
    private bool _isEnded;

    /// <summary>Adds a directory, with those above it that are not in the archive yet: the kernel makes none by itself.</summary>
    /// <param name="path">Absolute path in the RAM disk.</param>
    internal void AddDirectory(string path)
    {
        string name = NameOf(path);
        if (name.Length > 0 && !_names.Contains(name))
        {
            AddParents(name);
            Write(name, DirectoryType | DirectoryMode, null, links: 2);
        }
    }

    /// <summary>Adds a file.</summary>
    /// <param name="path">Absolute path in the RAM disk.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="isExecutable">Whether it may be run; otherwise all may read it.</param>
    internal void AddFile(string path, FilePiece content, bool isExecutable = false)
    {
        string name = NameOf(path);
        AddParents(name);
        Write(name, FileType | (isExecutable ? 0x1ed : 0x1a4), content);
    }

    /// <summary>Adds a symbolic link.</summary>
    /// <param name="path">Absolute path in the RAM disk.</param>
    /// <param name="target">Where it leads, as the link says it.</param>
    internal void AddLink(string path, string target)
    {
        string name = NameOf(path);
        AddParents(name);
        Write(name, LinkType | LinkMode, FilePiece.Of(Encoding.UTF8.GetBytes(target)));
    }

    /// <summary>Adds a character device, as /dev/console, which is opened before anything is mounted.</summary>
    /// <param name="path">Absolute path in the RAM disk.</param>
    /// <param name="major">Its major number.</param>
    /// <param name="minor">Its minor number.</param>
    internal void AddCharacterDevice(string path, int major, int minor)
    {
        string name = NameOf(path);
        AddParents(name);
        Write(name, CharacterDeviceType | 0x180, null, major: major, minor: minor);
    }

    /// <summary>Ends the archive; nothing can be added after that.</summary>
    /// <returns>All of it.</returns>
    internal IReadOnlyList<FilePiece> End()
    {
        Write(Trailer, 0, null, isTrailer: true);
        _isEnded = true;
        Cut();
        return _pieces;
    }

    private void AddParents(string name)
    {
        int end = name.LastIndexOf('/');
        if (end > 0)
        {
            AddDirectory("/" + name[..end]);
        }
    }

    // The kernel takes names as they are, below its root: without a slash before them.
    private static string NameOf(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal) && !parts.Any(part => part is "." or "..")
            ? string.Join('/', parts)
            : throw new ArgumentException($"'{Terminal.Text.Show(path)}' is no absolute path without '.' and '..'.", nameof(path));
    }

    private void Write(
        string name, int mode, FilePiece? content, int links = 1, int major = 0, int minor = 0, bool isTrailer = false)
    {
        ObjectDisposedException.ThrowIf(_isEnded, this);
        if (!isTrailer && !_names.Add(name))
        {
            throw new ArgumentException($"'/{Terminal.Text.Show(name)}' is in the archive already.", nameof(name));
        }

        byte[] encoded = Encoding.UTF8.GetBytes(name + '\0');
        long[] fields =
        [
            isTrailer ? 0 : ++_inode, mode, 0, 0, links, 0, content?.Length ?? 0, 0, 0, major, minor, encoded.Length, 0,
        ];
        StringBuilder header = new(Magic, Magic.Length + (8 * fields.Length));
        foreach (long field in fields)
        {
            header.Append(CultureInfo.InvariantCulture, $"{field:x8}");
        }

        Put(Encoding.ASCII.GetBytes(header.ToString()));
        Put(encoded);
        Pad();
        if (content is { Source: not null, Length: > 0 })
        {
            Cut();
            _pieces.Add(content);
            _written += content.Length;
        }
        else if (content is not null)
        {
            Put(content.Bytes.Span);
        }

        Pad();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        _written += bytes.Length;
    }

    private void Cut()
    {
        if (_bytes.WrittenCount > 0)
        {
            _pieces.Add(FilePiece.Of(_bytes.WrittenSpan.ToArray()));
            _bytes.ResetWrittenCount();
        }
    }

    private void Pad()
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0];
        Put(zeros[..(int)((Alignment - (_written % Alignment)) % Alignment)]);
    }
}
