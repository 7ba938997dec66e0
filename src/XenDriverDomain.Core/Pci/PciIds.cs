using System.Buffers.Text;
using System.Text;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Pci;

/// <summary>
/// The names of vendors, devices, subsystems and classes in a pci.ids file (format: the comment at its head, and
/// https://pci-ids.ucw.cz). Only the places of vendors and classes are indexed; a name is decoded when it is asked for, as a host
/// has a few dozen functions and the file 40,000 lines. Lines that break the format are passed over.
/// </summary>
internal sealed class PciIds
{
    private readonly byte[] _text;
    private readonly Dictionary<int, int> _vendors = [];
    private readonly Dictionary<int, int> _classes = [];

    /// <summary>Indexes a file's content.</summary>
    public PciIds(byte[] text)
    {
        _text = text;
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            ReadOnlySpan<byte> line = NextLine(ref at);
            if (line.Length > 2 && line[0] == 'C' && line[1] == ' ' && TryHex(line[2..], 2, out int number))
            {
                _classes.TryAdd(number, start);
            }
            else if (TryHex(line, 4, out number))
            {
                _vendors.TryAdd(number, start);
            }
        }
    }

    /// <summary>A file without a name in it.</summary>
    public static PciIds Empty { get; } = new([]);

    /// <summary>A vendor's name, or null.</summary>
    public string? FindVendor(int vendor) => _vendors.TryGetValue(vendor, out int at) ? Decode(NextLine(ref at)[4..]) : null;

    /// <summary>A device's name, or null.</summary>
    public string? FindDevice(int vendor, int device) =>
        _vendors.TryGetValue(vendor, out int at) && TryChild(ref at, 1, 4, device, out ReadOnlySpan<byte> name) ? Decode(name) : null;

    /// <summary>The name of a board that carries a device, or null.</summary>
    public string? FindSubsystem(int vendor, int device, int subsystemVendor, int subsystemDevice)
    {
        if (!_vendors.TryGetValue(vendor, out int at) || !TryChild(ref at, 1, 4, device, out _))
        {
            return null;
        }

        while (TryNextChild(ref at, 2, out ReadOnlySpan<byte> line))
        {
            if (TryHex(line, 4, out int first) && first == subsystemVendor && line.Length > 9 && line[4] == ' '
                && TryHex(line[5..], 4, out int second) && second == subsystemDevice)
            {
                return Decode(line[9..]);
            }
        }

        return null;
    }

    /// <summary>The name of the subclass of 0xCCSSPP, else of its base class, else null.</summary>
    public string? FindClass(int classCode)
    {
        if (!_classes.TryGetValue(classCode >> 16, out int at))
        {
            return null;
        }

        string? wide = Decode(NextLine(ref at)[4..]);
        return TryChild(ref at, 1, 2, (classCode >> 8) & 0xff, out ReadOnlySpan<byte> name) ? Decode(name) ?? wide : wide;
    }

    /// <summary>The name of the programming interface of 0xCCSSPP ("XHCI", "NVM Express"), or null.</summary>
    public string? FindInterface(int classCode) =>
        _classes.TryGetValue(classCode >> 16, out int at)
        && TryChild(ref at, 1, 2, (classCode >> 8) & 0xff, out _)
        && TryChild(ref at, 2, 2, classCode & 0xff, out ReadOnlySpan<byte> name)
            ? Decode(name)
            : null;

    private static string? Decode(ReadOnlySpan<byte> name)
    {
        string text = Text.Show(Encoding.UTF8.GetString(name).Trim());
        return text.Length == 0 ? null : text;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, int digits, out int number)
    {
        number = 0;
        return text.Length >= digits && Utf8Parser.TryParse(text[..digits], out number, out int read, 'x') && read == digits
            && (text.Length == digits || text[digits] == ' ');
    }

    /// <summary>Finds the child of the section that <paramref name="at"/> is in, and leaves <paramref name="at"/> behind it.</summary>
    private bool TryChild(scoped ref int at, int depth, int digits, int number, out ReadOnlySpan<byte> name)
    {
        // The section's own line is passed when the position still is at it.
        if (at < _text.Length && _text[at] != '\t')
        {
            NextLine(ref at);
        }

        while (TryNextChild(ref at, depth, out ReadOnlySpan<byte> line))
        {
            if (TryHex(line, digits, out int found) && found == number)
            {
                name = line[digits..];
                return true;
            }
        }

        name = default;
        return false;
    }

    /// <summary>The next line of a depth, without its tabs, while the lines above it last.</summary>
    private bool TryNextChild(scoped ref int at, int depth, out ReadOnlySpan<byte> line)
    {
        while (at < _text.Length)
        {
            int next = at;
            line = NextLine(ref next);
            int tabs = line.Length > 0 && line[0] == '\t' ? line.Length > 1 && line[1] == '\t' ? 2 : 1 : 0;
            bool isNothing = line.Length == 0 || line[0] == '#';
            if (!isNothing && tabs < depth)
            {
                break;
            }

            at = next;
            if (!isNothing && tabs == depth)
            {
                line = line[tabs..];
                return true;
            }
        }

        line = default;
        return false;
    }

    private ReadOnlySpan<byte> NextLine(scoped ref int at)
    {
        ReadOnlySpan<byte> rest = _text.AsSpan(at);
        int end = rest.IndexOf((byte)'\n');
        at = end < 0 ? _text.Length : at + end + 1;
        return end < 0 ? rest : rest[..end];
    }
}
