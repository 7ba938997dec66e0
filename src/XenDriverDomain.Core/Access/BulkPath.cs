using System.Text.RegularExpressions;

namespace XenDriverDomain.Access;

/// <summary>The entries of a <see cref="BulkQuery"/>: which ones are allowed, and what their wildcard matches.</summary>
internal static partial class BulkPath
{
    /// <summary>
    /// Attributes that the kernel answers by asking the device: reading them can hang a bus or wake a device
    /// (drivers/pci/pci-sysfs.c), so no bulk read may touch them.
    /// </summary>
    private static readonly string[] s_hardwareAttributes =
    [
        "rom", "vpd", "config", "resource0", "resource1", "resource2", "resource3", "resource4", "resource5",
        "resource0_wc", "resource1_wc", "resource2_wc", "resource3_wc", "resource4_wc", "resource5_wc",
    ];

    /// <summary>Throws <see cref="ArgumentException"/> when one entry is not allowed.</summary>
    public static void Require(BulkQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        foreach (string pattern in query.Files.Concat(query.Links).Concat(query.Names))
        {
            if (WhyNot(pattern) is { } reason)
            {
                throw new ArgumentException($"The path '{Terminal.Text.Show(pattern)}' cannot be read in bulk: {reason}.", nameof(query));
            }
        }

        foreach (string pattern in query.Files)
        {
            if (MatchesAll(pattern, KernelAccess.Quirks))
            {
                throw new ArgumentException(
                    $"The path '{pattern}' cannot be read in bulk: reading pciback's quirks can crash dom0.", nameof(query));
            }

            string name = pattern[(pattern.LastIndexOf('/') + 1)..];
            if (pattern.StartsWith("/sys/", StringComparison.Ordinal)
                && (s_hardwareAttributes.Any(attribute => Matches(name, attribute)) || BarFile().IsMatch(name)))
            {
                throw new ArgumentException(
                    $"The path '{pattern}' cannot be read in bulk: reading it would touch the device itself.", nameof(query));
            }
        }
    }

    /// <summary>Whether a path or pattern can be asked for.</summary>
    public static bool IsAllowed(string pattern) => WhyNot(pattern) is null;

    /// <summary>True when a path matches a pattern, component by component.</summary>
    public static bool MatchesAll(string pattern, string path)
    {
        string[] wanted = pattern.Split('/'), there = path.Split('/');
        return wanted.Length == there.Length && wanted.Zip(there).All(pair => Matches(pair.First, pair.Second));
    }

    /// <summary>True when one path component matches a component that may contain <c>*</c>, as sh does it.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (name.StartsWith(".") && !pattern.StartsWith("."))
        {
            return false;
        }

        // Greedy matching with one point to go back to: linear in practice, and no stack that a long name could grow.
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static string? WhyNot(string pattern)
    {
        if (!pattern.StartsWith('/'))
        {
            return "it is not absolute";
        }

        foreach (char c in pattern)
        {
            if (c <= ' ' || c == '\x7f' || char.IsControl(c) || "'\"\\`$?[]{}()<>|&;!~#".Contains(c))
            {
                return "white space, quotes, control characters and wildcards other than * are not allowed";
            }
        }

        return pattern[1..].Split('/').Any(part => part is "" or "." or "..")
            ? "empty components, . and .. are not allowed"
            : null;
    }

    [GeneratedRegex("^resource[0-9]")]
    private static partial Regex BarFile();
}
