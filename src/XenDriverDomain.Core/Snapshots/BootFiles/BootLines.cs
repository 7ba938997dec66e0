using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Snapshots.Redaction;

namespace XenDriverDomain.Snapshots.BootFiles;

/// <summary>Files that are taken line by line.</summary>
internal static class BootLines
{
    // Debian's update-grub takes these comments of menu.lst for settings.
    private static readonly string[] s_options = ["kopt", "xenkopt", "defoptions", "altoptions", "xenhopt"];

    /// <summary>
    /// The text with each line as far as it is kept; what is not leaves a comment, so that the others have their numbers.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="log">Counts what is left out.</param>
    /// <param name="reduce">
    /// What is kept of a line that is no comment, given its first word and where what follows begins; null for one that nobody reads.
    /// </param>
    public static string Reduce(string text, BootFileLog log, Func<string, string, int, string?> reduce) =>
        string.Join('\n', text.Split('\n').Select(line =>
        {
            (string word, int end) = TextLines.FirstWord(line, 0);
            if (word.Length > 0 && word[0] is '#' or ';')
            {
                return Comment(line, log);
            }

            string? kept = word.TrimEnd('\r').Length == 0 ? line : reduce(line, word, end);
            return kept is not null && (kept != line || !Secrets.MayHoldSecret(line)) ? kept
                : Secrets.MayHoldSecret(line) ? log.SecretLine()
                : log.UnreadLine();
        }));

    /// <summary>A line with its tail replaced.</summary>
    public static string Tail(string line, int from, Func<string, string> reduce) =>
        string.Concat(line.AsSpan(0, from), reduce(line[from..]));

    // Prose may say anything. What update-grub takes for settings is reduced as they are.
    private static string Comment(string line, BootFileLog log)
    {
        string body = line.TrimStart(' ', '\t', '#', ';');
        int equals = body.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && s_options.Contains(body[..equals]))
        {
            int from = line.IndexOf('=', StringComparison.Ordinal) + 1;
            return Tail(line, from, body.StartsWith("xenhopt", StringComparison.Ordinal) ? log.Xen : log.Linux);
        }

        return log.Comment(line);
    }
}
