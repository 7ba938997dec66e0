using System.Text;

namespace XenDriverDomain.Pci.Uses;

/// <summary>The mounts of dom0, as /proc/PID/mountinfo shows them (proc(5)).</summary>
internal static class MountTable
{
    /// <summary>Reads the table; lines that break the format are passed over.</summary>
    public static IReadOnlyList<Mount> Parse(string text)
    {
        List<Mount> mounts = [];
        foreach (string line in text.Split('\n'))
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
            if (dash < 0 || fields.Length < dash + 3)
            {
                continue;
            }

            mounts.Add(new Mount(fields[2], Unescape(fields[3]), Unescape(fields[4]), fields[dash + 1], Unescape(fields[dash + 2])));
        }

        return mounts;
    }

    /// <summary>Undoes the kernel's \ooo of blanks, tabs, newlines and backslashes (mangle_path).</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]) && IsOctal(text[i + 3]))
            {
                plain.Append((char)((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static bool IsOctal(char c) => c is >= '0' and <= '7';
}

/// <summary>One mount.</summary>
/// <param name="Device">major:minor; 0:N for a file system without a device of its own, btrfs among them.</param>
/// <param name="Root">What of the file system is mounted; more than <c>/</c> for bind mounts.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Source">What was named as its device.</param>
internal sealed record Mount(string Device, string Root, string Point, string Type, string Source);
