using System.Collections.Frozen;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>
/// Disks of xm: <c>PREFIX:TARGET,VDEV,MODE[,BACKEND[,PROTOCOL]]</c> (create.py, preprocess_disk). They are written with xl's keys, target
/// last, so that nothing in a path can be taken for something else.
/// </summary>
internal static class XendDisk
{
    // What stands before the target, and the format of the image; blktap's drivers are named behind tap:.
    private static readonly FrozenDictionary<string, string> s_formats = new Dictionary<string, string>
    {
        ["phy"] = "raw",
        ["file"] = "raw",
        ["aio"] = "raw",
        ["sync"] = "raw",
        ["tap"] = "raw",
        ["tap2"] = "raw",
        ["tapdisk"] = "raw",
        ["ioemu"] = "raw",
        ["raw"] = "raw",
        ["qcow"] = "qcow",
        ["qcow2"] = "qcow2",
        ["vhd"] = "vhd",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static XendPart Convert(string text, XendConversion to)
    {
        List<string> reasons = [];
        string[] fields = text.Split(',');
        if (fields.Any(f => f != f.Trim()))
        {
            reasons.Add("blanks around a comma are no part of a value");
            fields = [.. fields.Select(f => f.Trim())];
        }

        if (fields.Length is < 3 or > 5)
        {
            return XendPart.Refused("xm wants three to five parts: TARGET,VDEV,MODE[,BACKEND[,PROTOCOL]]");
        }

        if (Target(fields[0], reasons, out string format, out string? script, out string target) is { } whyNot)
        {
            return XendPart.Refused(whyNot);
        }

        string vdev = fields[1];
        bool isCdrom = vdev.EndsWith(":cdrom", StringComparison.Ordinal);
        foreach (string suffix in (string[])[":cdrom", ":disk"])
        {
            vdev = vdev.EndsWith(suffix, StringComparison.Ordinal) ? vdev[..^suffix.Length] : vdev;
        }

        vdev = vdev.StartsWith("ioemu:", StringComparison.Ordinal) ? vdev[6..] : vdev;
        if (Access(fields[2], reasons) is not { } access)
        {
            return XendPart.Refused($"its mode '{Terminal.Text.Show(fields[2], 40)}' is none of r, w and w!");
        }

        string backend = fields.Length > 3 ? fields[3] : string.Empty;
        if (fields.Length > 4 && fields[4].Length > 0)
        {
            reasons.Add("xl asks the guest for its protocol");
        }

        string disk = string.Join(',', ((string?[])
        [
            $"format={format}",
            $"vdev={vdev}",
            $"access={(isCdrom ? "ro" : access)}",
            isCdrom ? "devtype=cdrom" : null,
            script is null ? null : $"script={script}",
            backend.Length == 0 ? null : $"backend={backend}",
            target.Length == 0 ? null : $"target={target}",
        ]).OfType<string>());
        try
        {
            DiskSpec.Parse(disk);
        }
        catch (XenDriverDomainException e)
        {
            return XendPart.Refused($"it would be '{Terminal.Text.Show(disk)}', which is no disk: {e.Message}");
        }

        return new XendPart([disk], reasons);
    }

    private static string? Target(string uname, List<string> reasons, out string format, out string? script, out string target)
    {
        format = "raw";
        script = null;
        target = uname;
        bool isDevice = false;
        while (Prefix(target) is { } prefix)
        {
            if (prefix is "iscsi" or "nbd" or "enbd" or "drbd")
            {
                script = "block-" + prefix;
            }
            else if (s_formats.TryGetValue(prefix, out string? known))
            {
                format = known == "raw" ? format : known;
                isDevice |= prefix == "phy";
            }
            else
            {
                return $"xl has no disks of the sort '{Terminal.Text.Show(prefix, 40)}:'";
            }

            target = target[(prefix.Length + 1)..];
        }

        if (isDevice && target.Length > 0 && target[0] != '/')
        {
            // The hotplug script looked for it there.
            target = "/dev/" + target;
            reasons.Add("a device without a path is one of /dev");
        }

        return null;
    }

    private static string? Prefix(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && text.Take(colon).All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) ? text[..colon] : null;
    }

    private static string? Access(string mode, List<string> reasons)
    {
        switch (mode)
        {
            case "r":
                return "ro";
            case "w":
                return "rw";
            case "ro" or "rw":
                reasons.Add($"xm says {mode[^1..].Replace('o', 'r')}; xl says {mode}");
                return mode;
            case "w!" or "r!":
                reasons.Add("xl cannot force a disk that is in use: it refuses to start then");
                return mode[0] == 'w' ? "rw" : "ro";
            default:
                return null;
        }
    }
}
