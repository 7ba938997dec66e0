using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots;

/// <summary>
/// Tables of the kernel and of ip, reduced to what stays the same as long as nothing is changed: counters and life times would make any
/// two snapshots differ.
/// </summary>
internal static class KernelTables
{
    /// <summary>/proc/PID/mountinfo: only what lies on a device, and the root.</summary>
    public static string Mounts(string text, LeftOutLog leftOut)
    {
        string[] lines = Lines(text);
        string[] kept = [.. lines.Where(IsOnDevice).Select(line => WithoutOptions(line, leftOut))];
        leftOut.Add("mounts", "they lie on no device of this host", lines.Length - kept.Length);
        return string.Join('\n', kept);
    }

    /// <summary>/proc/swaps without its head and without how much is used.</summary>
    public static string Swaps(string text) => string.Join('\n', Lines(text).Skip(1)
        .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length >= 5)
        .Select(words => $"{words[0],-40}{words[1]}\t{words[2]}\t\t0\t\t{words[4]}"));

    /// <summary>/proc/net/route without its head and counters.</summary>
    public static string Routes4(string text) => string.Join('\n', Lines(text).Skip(1)
        .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length >= 8)
        .Select(words => string.Join('\t', words[0], words[1], words[2], words[3], "0", "0", words[6], words[7], "0", "0", "0")));

    /// <summary>/proc/net/ipv6_route without counters.</summary>
    public static string Routes6(string text) => string.Join('\n', Lines(text)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length == 10)
        .Select(words => $"{string.Join(' ', words[..6])} 00000000 00000000 {words[8]} {words[9],8}"));

    /// <summary><c>ip -o addr show</c>: interface, family, address and scope.</summary>
    public static IReadOnlyList<string> Addresses(string text) =>
    [
        .. Lines(text).Select(line => line.Split((char[])[' ', '\t', '\\'], StringSplitOptions.RemoveEmptyEntries))
            .Select(words => (Words: words, Scope: Array.IndexOf(words, "scope")))
            .Where(one => one.Scope > 3 && one.Scope + 1 < one.Words.Length && one.Words[2] is "inet" or "inet6")
            .Select(
                one => ByteText.Of(
                    $"{one.Words[1].Split('@')[0].TrimEnd(':')} {one.Words[2]} {one.Words[3]} scope {one.Words[one.Scope + 1]}"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>A function's resource attribute without the empty lines at its end, of which each kernel has another number.</summary>
    public static string Resource(string text)
    {
        string[] lines = Lines(text);
        int count = lines.Length;
        while (count > 0 && lines[count - 1].All(c => c is '0' or 'x' or ' '))
        {
            count--;
        }

        return string.Join('\n', lines[..count]);
    }

    /// <summary>pciback's lists of functions, in order; a last line that the kernel cut at the end of the page is dropped.</summary>
    public static string Slots(string text)
    {
        List<PciAddress> slots = [];
        foreach (string line in Lines(text))
        {
            if (PciAddress.TryParse(line.Trim(), out PciAddress address))
            {
                slots.Add(address);
            }
        }

        return string.Join('\n', slots.Distinct().Order());
    }

    /// <summary>/proc/self/status: who reads.</summary>
    public static string Status(string text) =>
        Lines(text).FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal), string.Empty);

    private static string[] Lines(string text) =>
        [.. text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    private static string WithoutOptions(string line, LeftOutLog leftOut)
    {
        string[] words = line.Split(' ');
        int dash = Array.IndexOf(words, "-", 6);
        for (int i = 5; i < words.Length; i++)
        {
            // The file system's type and the device stand between the options of the mount and those of the file system.
            if (i <= dash || i > dash + 2)
            {
                string[] options = words[i].Split(',');
                string[] kept = [.. options.Where(IsKept)];
                leftOut.Add("options of mounts", "they are not known to be harmless", options.Length - kept.Length);
                words[i] = kept.Length == 0 ? "rw" : string.Join(',', kept);
            }
        }

        return string.Join(' ', words);

        // What the mount shares has a colon: shared:1.
        static bool IsKept(string option) =>
            option == "-" || HarmlessWords.IsHarmless(option.Replace(':', '='), HarmlessWords.Kind.Mount);
    }

    // 36 1 254:0 / / rw,noatime shared:1 - ext4 /dev/sda rw
    private static bool IsOnDevice(string line)
    {
        string[] words = line.Split(' ');
        int dash = Array.IndexOf(words, "-", Math.Min(6, words.Length));
        return dash > 0 && words.Length >= dash + 3
            && (words[4] == "/"
                || words[dash + 2].StartsWith("/dev/", StringComparison.Ordinal)
                || (int.TryParse(words[2].Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) && major != 0));
    }
}
