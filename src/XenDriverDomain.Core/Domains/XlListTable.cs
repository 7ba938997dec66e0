using System.Globalization;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Domains;

/// <summary>
/// Reads xl list's table (xl_list.c, list_domains), which alone tells the states and lists every domain: <c>xl list -l</c> leaves
/// out those whose stored configuration it cannot read. Lines are read from the right, since names shift the columns.
/// </summary>
internal static class XlListTable
{
    /// <summary>The rows, in the order of the table.</summary>
    /// <exception cref="XenDriverDomainException">XlOutputNotUnderstood.</exception>
    public static IReadOnlyList<XlListRow> Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        List<XlListRow> rows = [];
        HashSet<int> seen = [];
        bool header = true;
        foreach (ReadOnlySpan<char> line in output.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
            {
                continue;
            }

            if (header)
            {
                header = false;
                if (!line.StartsWith("Name ", StringComparison.Ordinal) || !line.Contains("State", StringComparison.Ordinal))
                {
                    throw NotUnderstood(line, "the first line is not the table's head");
                }

                continue;
            }

            XlListRow row = ParseRow(line);
            if (!seen.Add(row.Domid))
            {
                throw NotUnderstood(line, $"domain {row.Domid} appears twice");
            }

            rows.Add(row);
        }

        return header ? throw NotUnderstood(output, "it is empty") : rows;
    }

    private static XlListRow ParseRow(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> rest = line;
        TakeLast(ref rest);
        ReadOnlySpan<char> letters = TakeLast(ref rest);
        ReadOnlySpan<char> vcpus = TakeLast(ref rest);
        ReadOnlySpan<char> memory = TakeLast(ref rest);
        ReadOnlySpan<char> domid = TakeLast(ref rest);
        return TryNumber(domid, out int id) && id <= DomainRef.MaxDomid && TryNumber(memory, out int megabytes)
            && TryNumber(vcpus, out int cpus) && StateOf(letters) is { } state
            ? new XlListRow(id, rest.Trim(' ').ToString(), megabytes, cpus, state)
            : throw NotUnderstood(line, "it must end in domid, memory, VCPUs, state and time");
    }

    // The letters stand for bits that can be set together; the later stage of a domain's life is the one that counts.
    private static DomainState? StateOf(ReadOnlySpan<char> letters)
    {
        if (letters.Length != 6)
        {
            return null;
        }

        return letters switch
        {
            [.., 'd'] => DomainState.Dying,
            [_, _, _, 's', 'c', _] => DomainState.Crashed,
            [_, _, _, 's', _, _] => DomainState.Shutdown,
            [_, _, 'p', ..] => DomainState.Paused,
            [_, 'b', ..] => DomainState.Blocked,
            _ => DomainState.Running,
        };
    }

    private static ReadOnlySpan<char> TakeLast(ref ReadOnlySpan<char> line)
    {
        line = line.TrimEnd(" \t");
        int start = line.LastIndexOfAny(' ', '\t') + 1;
        ReadOnlySpan<char> word = line[start..];
        line = line[..start];
        return word;
    }

    private static bool TryNumber(ReadOnlySpan<char> word, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static XenDriverDomainException NotUnderstood(ReadOnlySpan<char> line, string why) => new(
        ErrorIds.XlOutputNotUnderstood,
        ErrorKind.Protocol,
        $"xl list printed '{Terminal.Text.Show(line.ToString(), 120)}', which could not be understood: {why}.",
        "Run xl list on dom0 and look whether something else (a wrapper, a profile script) prints into its output.");
}

/// <summary>One line of xl list's table.</summary>
/// <param name="Domid">ID.</param>
/// <param name="Name">Name as printed; <c>(null)</c> when the domain has none.</param>
/// <param name="MemoryMB">Mem: what the domain has now.</param>
/// <param name="Vcpus">VCPUs online.</param>
/// <param name="State">From the six letters.</param>
internal sealed record XlListRow(int Domid, string Name, int MemoryMB, int Vcpus, DomainState State);
