using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// One <see cref="BulkQuery"/> as one script, and its answer. The shell expands the patterns and lists the files; one grep for
/// very many of them prints each line with its path and number, and one stat the links. A round trip and two programs,
/// however many files there are.
/// </summary>
internal sealed class SshBulkExchange
{
    /// <summary>Paths have at most 4,095 bytes, usually 60; the vector and the environment share 2 MiB (execve(2)).</summary>
    private const int MostArguments = 400;

    private readonly byte[] _separator;

    public SshBulkExchange(BulkQuery query)
    {
        string separator = "S" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _separator = [0, .. Encoding.ASCII.GetBytes(separator), 0];
        string between = $"; printf '\\0{separator}\\0'; ";
        Script = string.Join(
            between,
            query.Files.Count == 0 ? ":" : $"set -- {Words(query.Files)}; f \"$@\"",
            query.Files.Count == 0 ? ":" : ForAll("f", "grep -anH '' --"),
            query.Links.Count == 0 ? ":" : $"set -- {Words(query.Links)}; {ForAll("l", "stat -c %N --")}",
            query.Names.Count == 0 ? ":" : $"set -- {Words(query.Names)}; a \"$@\"",
            "set --");
    }

    public string Script { get; }

    public BulkAnswer Parse(ReadOnlySpan<byte> output, byte[] error)
    {
        // The lists end with a NUL before the separator's own.
        List<string> list = Entries(Section(ref output));
        Dictionary<string, string> files = Contents(Section(ref output), list, Unreadable(error));
        Dictionary<string, string> links = Targets(Section(ref output));
        HashSet<string> names = [.. Entries(Section(ref output))];
        return new BulkAnswer(files, links, names);
    }

    /// <summary>
    /// The program with all paths: by xargs when they are too many for one argument vector, else directly, as each program costs
    /// the far side more than a hundred files.
    /// </summary>
    private static string ForAll(string filter, string program) =>
        $"if [ $# -lt {MostArguments} ]; then {program} \"$@\"; else {filter} \"$@\" | xargs -0 -r {program}; fi";

    private static string Words(IEnumerable<string> patterns) =>
        string.Join(' ', patterns.Distinct(StringComparer.Ordinal).Select(PosixShell.QuotePattern));

    private static List<string> Entries(ReadOnlySpan<byte> section) =>
        [.. Encoding.UTF8.GetString(section).Split('\0', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>grep names what it could not read; files it neither names nor prints are empty.</summary>
    private static HashSet<string> Unreadable(byte[] error)
    {
        HashSet<string> paths = new(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(error).Split('\n'))
        {
            int reason = line.LastIndexOf(": ", StringComparison.Ordinal);
            int path = line.IndexOf('/', StringComparison.Ordinal);
            if (path >= 0 && reason > path)
            {
                paths.Add(line[path..reason]);
            }
        }

        return paths;
    }

    private static Dictionary<string, string> Contents(ReadOnlySpan<byte> output, List<string> list, HashSet<string> unreadable)
    {
        Dictionary<string, string> files = new(list.Count, StringComparer.Ordinal);
        var content = new List<byte>(BulkQuery.FileLimit);
        foreach (string path in list)
        {
            // Path, number and order together decide whose line it is, whatever the names and the lines contain.
            byte[] prefix = Encoding.UTF8.GetBytes(path + ":");
            content.Clear();
            bool any = false;
            for (int number = 1; StartsWith(output, prefix, number, out int start); number++)
            {
                any = true;
                int length = output[start..].IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = length < 0 ? output[start..] : output.Slice(start, length + 1);
                content.AddRange(line[..Math.Min(line.Length, BulkQuery.FileLimit - content.Count)]);
                output = output[(start + line.Length)..];
            }

            if (any || !unreadable.Contains(path))
            {
                ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(content);
                files[path] = Encoding.Latin1.GetString(bytes.EndsWith("\n"u8) ? bytes[..^1] : bytes);
            }
        }

        return files;
    }

    private static bool StartsWith(ReadOnlySpan<byte> output, byte[] prefix, int number, out int start)
    {
        start = 0;
        if (!output.StartsWith(prefix))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[16];
        number.TryFormat(digits, out int count, default, CultureInfo.InvariantCulture);
        digits[count++] = (byte)':';
        start = prefix.Length + count;
        return output[prefix.Length..].StartsWith(digits[..count]);
    }

    private static Dictionary<string, string> Targets(ReadOnlySpan<byte> output)
    {
        Dictionary<string, string> links = new(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(output).Split('\n'))
        {
            // coreutils prints path -> target, as QUOTING_STYLE asks; busybox 'path' -> 'target' in any case.
            bool quoted = line.StartsWith('\'') && line.EndsWith('\'');
            string text = quoted ? line[1..^1] : line;
            string arrow = quoted ? "' -> '" : " -> ";
            int middle = text.IndexOf(arrow, StringComparison.Ordinal);
            if (middle > 0)
            {
                links[text[..middle]] = text[(middle + arrow.Length)..];
            }
        }

        return links;
    }

    private ReadOnlySpan<byte> Section(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf(_separator);
        if (end < 0)
        {
            ReadOnlySpan<byte> last = rest;
            rest = default;
            return last;
        }

        ReadOnlySpan<byte> section = rest[..end];
        rest = rest[(end + _separator.Length)..];
        return section;
    }
}
