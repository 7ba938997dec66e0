using System.Globalization;
using System.Text;

namespace XenDriverDomain.Images;

/// <summary>
/// Writes a cpio archive in the format that a kernel unpacks its initial RAM disk from: newc, magic 070701 (Linux,
/// Documentation/driver-api/early-userspace/buffer-format.rst). The same entries give the same bytes: owner, times and inode numbers are
/// not those of any host. An archive may follow another one in the same file; the kernel unpacks both.
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

    private readonly Stream _stream;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _inode;
    private long _written;
    private bool _isEnded;

    /// <summary>Begins an archive.</summary>
    /// <param name="stream">Where it goes to; it stays open.</param>
    internal CpioArchive(Stream stream) => _stream = stream;

    /// <summary>Adds a directory, with those above it that are not in the archive yet: the kernel makes none by itself.</summary>
    /// <param name="path">Absolute path in the RAM disk.</param>
    internal void AddDirectory(string path)
    {
        string name = NameOf(path);
        if (name.Length > 0 && !_names.Contains(name))
        {
            AddParents(name);
            Write(name, DirectoryType | DirectoryMode, [], links: 2);
        }
    }

    /// <summary>Adds a file.</summary>
    /// <param name="path">Absolute path in the RAM disk.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="isExecutable">Whether it may be run; otherwise all may read it.</param>
    internal void AddFile(string path, ReadOnlySpan<byte> content, bool isExecutable = false)
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
        Write(name, LinkType | LinkMode, Encoding.UTF8.GetBytes(target));
    }

    /// <summary>Adds a character device, as /dev/console, which is opened before anything is mounted.</summary>
    /// <param name="path">Absolute path in the RAM disk.</param>
    /// <param name="major">Its major number.</param>
    /// <param name="minor">Its minor number.</param>
    internal void AddCharacterDevice(string path, int major, int minor)
    {
        string name = NameOf(path);
        AddParents(name);
        Write(name, CharacterDeviceType | 0x180, [], major: major, minor: minor);
    }

    /// <summary>Ends the archive; nothing can be added after that.</summary>
    internal void End()
    {
        Write(Trailer, 0, [], isTrailer: true);
        _isEnded = true;
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
        string name, int mode, ReadOnlySpan<byte> content, int links = 1, int major = 0, int minor = 0, bool isTrailer = false)
    {
        ObjectDisposedException.ThrowIf(_isEnded, this);
        if (!isTrailer && !_names.Add(name))
        {
            throw new ArgumentException($"'/{Terminal.Text.Show(name)}' is in the archive already.", nameof(name));
        }

        byte[] encoded = Encoding.UTF8.GetBytes(name + '\0');
        int[] fields =
        [
            isTrailer ? 0 : ++_inode, mode, 0, 0, links, 0, content.Length, 0, 0, major, minor, encoded.Length, 0,
        ];
        StringBuilder header = new(Magic, Magic.Length + (8 * fields.Length));
        foreach (int field in fields)
        {
            header.Append(CultureInfo.InvariantCulture, $"{field:x8}");
        }

        Put(Encoding.ASCII.GetBytes(header.ToString()));
        Put(encoded);
        Pad();
        Put(content);
        Pad();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _written += bytes.Length;
    }

    private void Pad()
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0];
        Put(zeros[..(int)((Alignment - (_written % Alignment)) % Alignment)]);
    }
}
