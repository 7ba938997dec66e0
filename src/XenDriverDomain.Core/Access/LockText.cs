using System.Globalization;

namespace XenDriverDomain.Access;

/// <summary>
/// The content of the lock's file, a line each: process and its start (field 22 of its stat), since when, who, by which way, what. The
/// start makes the process a certain one: what a dead owner left in the file is never taken for a holder's, although his number is
/// given again.
/// </summary>
internal static class LockText
{
    /// <summary>The directory, root's own, below /run.</summary>
    public const string Directory = "xen-driver-domain";

    /// <summary>The file in it.</summary>
    public const string File = "lock";

    private const int LongestLine = 200;
    private const int Lines = 5;
    private const int StartField = 22 - 3;

    /// <summary>A text as a line.</summary>
    public static string Line(string text) => Terminal.Text.Show(text, LongestLine);

    /// <summary>A time as a line.</summary>
    public static string Line(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>The whole of it.</summary>
    public static string Compose(int process, string start, LockNote note, string way) => string.Create(
        CultureInfo.InvariantCulture, $"{process} {start}\n{Line(note.Since)}\n{Line(note.Who)}\n{Line(way)}\n{Line(note.What)}\n");

    /// <summary>The owner; null when the text is not whole, or its process is not the one that <paramref name="startOf"/> knows.</summary>
    /// <param name="text">The content.</param>
    /// <param name="startOf">The start of a process that lives, or null.</param>
    public static LockOwner? Parse(string text, Func<int, string?> startOf)
    {
        string[] lines = text.Split('\n');
        string[] process = lines[0].Split(' ');
        return lines.Length > Lines
            && process.Length == 2
            && int.TryParse(process[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            && DateTimeOffset.TryParse(
                lines[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out DateTimeOffset since)
            && startOf(id) is { } start && start == process[1]
                ? new LockOwner(new LockNote(Line(lines[4]), Line(lines[2]), since), Line(lines[3]), id)
                : null;
    }

    /// <summary>The start of a process, from its stat; null when it is none.</summary>
    public static string? StartIn(string stat)
    {
        // The name in parentheses may have blanks, and parentheses.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartField ? fields[StartField] : null;
    }
}
