using System.Globalization;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>What is stored to attributes, read as the kernel reads it.</summary>
internal static class StoredText
{
    /// <summary>Without one last newline (sysfs_streq, lib/string_helpers.c).</summary>
    public static string Line(string text) => text.EndsWith('\n') ? text[..^1] : text;

    /// <summary>A number, decimal or hexadecimal with 0x (kstrtoul with base 0); null for anything else.</summary>
    public static ulong? Number(string text)
    {
        string line = Line(text);
        bool isHex = line.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(
            isHex ? line[2..] : line, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture,
            out ulong number)
            ? number
            : null;
    }
}
