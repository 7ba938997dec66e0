using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration;

/// <summary>
/// A disk string (xl-disk-configuration(5)), kept as it is written; what this product needs of it is taken out. Positional
/// fields are target, format, vdev, access; an old prefix such as <c>phy:</c> or <c>file:</c> takes the format's place.
/// </summary>
public sealed record DiskSpec
{
    private const string Keys =
        "target, format, vdev, access, backend, backendtype, devtype, script, direct-io-safe, discard, no-discard, discard-enable";

    // Prefixes of xm's time and the format that each stands for (libxlu_disk_l.l); they can be chained, as in tap:aio:.
    private static readonly Dictionary<string, string> s_prefixes = new(StringComparer.Ordinal)
    {
        ["phy"] = "raw",
        ["file"] = "raw",
        ["aio"] = "raw",
        ["tap"] = "raw",
        ["tap2"] = "raw",
        ["tapdisk"] = "raw",
        ["ioemu"] = "raw",
        ["raw"] = "raw",
        ["qcow"] = "qcow",
        ["qcow2"] = "qcow2",
        ["vhd"] = "vhd",
    };

    // Prefixes that name a script, block-iscsi and so on.
    private static readonly string[] s_scripts = ["iscsi", "nbd", "enbd", "drbd"];

    private DiskSpec(string raw) => Raw = raw;

    /// <summary>The string as it was written.</summary>
    public string Raw { get; }

    /// <summary>The image or block device, a path in the back-end domain; null for an empty drive.</summary>
    public string? Target { get; private init; }

    /// <summary>raw, qcow2, …; null when it is not given, which xl takes for raw.</summary>
    public string? Format { get; private init; }

    /// <summary>The device in the guest, such as xvda.</summary>
    public string? VirtualDevice { get; private init; }

    /// <summary>True when the guest may write.</summary>
    public bool IsWritable { get; private init; }

    /// <summary>True for a CD-ROM drive.</summary>
    public bool IsCdrom { get; private init; }

    /// <summary>The back-end domain; null for dom0.</summary>
    public DomainRef? Backend { get; private init; }

    /// <summary>The script that makes the target a block device; null for none.</summary>
    public string? Script { get; private init; }

    /// <summary>Reads a disk string.</summary>
    /// <exception cref="XenDriverDomainException">DiskSpecMalformed.</exception>
    public static DiskSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Any(char.IsControl))
        {
            throw Malformed(text, "it has a control character");
        }

        DiskSpec spec = new(text) { IsWritable = true };
        HashSet<string> seen = new(StringComparer.Ordinal);
        int positional = 0;
        for (string? rest = text; rest is not null;)
        {
            rest = rest.TrimStart(' ', '\t');
            int comma = rest.IndexOf(',', StringComparison.Ordinal);
            string part = comma < 0 ? rest : rest[..comma];
            string? next = comma < 0 ? null : rest[(comma + 1)..];
            (string key, string? value) = SpecText.Split(part);
            bool isKey = value is not null && key.Length > 0 && key.All(c => char.IsAsciiLetterLower(c) || c == '-');
            if (isKey && key == "target")
            {
                // It takes all that is left, commas included, and so is always the last.
                return Complete(seen.Add(key) ? spec with { Target = rest[(key.Length + 1)..] } : throw Twice(text, key));
            }

            if (isKey)
            {
                spec = seen.Add(key) ? spec.WithOption(text, key, value!) : throw Twice(text, key);
            }
            else if (spec.WithWord(part) is { } known)
            {
                spec = known;
            }
            else
            {
                spec = spec.WithPosition(text, part, seen, ref positional);
            }

            rest = next;
        }

        return Complete(spec);
    }

    /// <summary>The string as it was written.</summary>
    public override string ToString() => Raw;

    private static DiskSpec Complete(DiskSpec spec) => spec.VirtualDevice is null
        ? throw Malformed(spec.Raw, "it names no device for the guest (vdev)")
        : spec.Target is null && !spec.IsCdrom
        ? throw Malformed(spec.Raw, "it names no target")
        : spec;

    private DiskSpec? WithWord(string word) => word switch
    {
        "cdrom" or "devtype=cdrom" => this with { IsCdrom = true, IsWritable = false },
        "direct-io-safe" or "discard" or "no-discard" or "discard-enable" => this,
        _ => null,
    };

    private DiskSpec WithPosition(string text, string part, HashSet<string> seen, ref int positional)
    {
        string[] order = ["target", "format", "vdev", "access"];
        while (positional < order.Length && seen.Contains(order[positional]))
        {
            positional++;
        }

        if (positional == order.Length)
        {
            throw Malformed(text, $"'{Terminal.Text.Show(part, 40)}' is one part too many; the keys are {Keys}");
        }

        string key = order[positional++];
        if (part.Length == 0)
        {
            return this;
        }

        seen.Add(key);
        if (part.Contains('=', StringComparison.Ordinal))
        {
            throw Malformed(
                text, $"'{Terminal.Text.Show(part, 40)}' has no key; a path with '=' in it goes to the end, with target= before it");
        }

        return key == "target" && TakePrefix(ref part) is { } prefix
            ? WithPrefixes(text, prefix, part, seen)
            : WithOption(text, key, part);
    }

    private DiskSpec WithPrefixes(string text, string prefix, string rest, HashSet<string> seen)
    {
        seen.Add("format");
        DiskSpec spec = this with { Format = "raw" };
        for (string? next = prefix; next is not null; next = TakePrefix(ref rest))
        {
            spec = s_prefixes.TryGetValue(next, out string? format)
                ? spec with { Format = format == "raw" ? spec.Format : format }
                : s_scripts.Contains(next)
                ? spec with { Script = "block-" + next }
                : throw Malformed(text, $"there is no prefix '{next}:'");
        }

        return spec.WithTarget(rest);
    }

    private static string? TakePrefix(ref string part)
    {
        int colon = part.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !char.IsAsciiLetterLower(part[0])
            || part.Take(colon).Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c)))
        {
            return null;
        }

        string prefix = part[..colon];
        part = part[(colon + 1)..];
        return prefix;
    }

    private DiskSpec WithTarget(string path) => this with { Target = path.Length > 0 ? path : null };

    private DiskSpec WithOption(string text, string key, string value) => key switch
    {
        "target" => WithTarget(value),
        "format" => value is "raw" or "qcow" or "qcow2" or "qed" or "vhd" or "empty" or ""
            ? this with { Format = value.Length > 0 ? value : null }
            : throw Malformed(text, $"there is no format '{Terminal.Text.Show(value, 40)}'; there are raw, qcow, qcow2, qed, vhd"),
        "vdev" => WithDevice(text, value),
        "access" => this with
        {
            IsWritable = value switch
            {
                "w" or "rw" => true,
                "r" or "ro" => false,
                _ => throw Malformed(text, "access is rw (w) or ro (r)"),
            },
        },
        "backend" => DomainRef.TryParse(value, out DomainRef backend, out string? why)
            ? this with { Backend = backend }
            : throw Malformed(text, $"backend cannot name a domain: {why}"),
        "script" => this with { Script = value },
        "devtype" => value is "cdrom" ? this with { IsCdrom = true, IsWritable = false }
            : value is "disk" ? this : throw Malformed(text, "devtype is disk or cdrom"),
        "backendtype" => value is "phy" or "tap" or "qdisk" or "standalone" or "other"
            ? this : throw Malformed(text, "backendtype is phy, qdisk, tap, standalone or other"),
        _ when key.StartsWith("colo", StringComparison.Ordinal) || key is "active-disk" or "hidden-disk"
            or "specification" or "transport" or "base" or "irq" => this,
        _ => throw Malformed(text, $"there is no key '{Terminal.Text.Show(key, 40)}'; the keys are {Keys}"),
    };

    private DiskSpec WithDevice(string text, string value)
    {
        const string Cdrom = ":cdrom";
        const string Disk = ":disk";
        const string Ioemu = "ioemu:";
        bool cdrom = value.EndsWith(Cdrom, StringComparison.Ordinal);
        string device = cdrom ? value[..^Cdrom.Length]
            : value.EndsWith(Disk, StringComparison.Ordinal) ? value[..^Disk.Length]
            : value;
        device = device.StartsWith(Ioemu, StringComparison.Ordinal) ? device[Ioemu.Length..] : device;
        return device.Length is > 0 and <= 32 && device.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-')
            ? this with { VirtualDevice = device, IsCdrom = IsCdrom || cdrom, IsWritable = IsWritable && !cdrom }
            : throw Malformed(text, $"'{Terminal.Text.Show(value, 40)}' is no device name such as xvda");
    }

    private static XenDriverDomainException Twice(string text, string key) => Malformed(text, $"'{key}' is given twice");

    private static XenDriverDomainException Malformed(string text, string why) => new(
        ErrorIds.DiskSpecMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(text)}' is not a disk specification: {why}.",
        "Write it as in xl-disk-configuration(5), for example format=raw,vdev=xvda,access=rw,target=/dev/vg/guest.",
        text);
}
