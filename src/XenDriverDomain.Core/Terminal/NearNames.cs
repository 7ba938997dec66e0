namespace XenDriverDomain.Terminal;

/// <summary>Which of the names that there are somebody may have meant.</summary>
public static class NearNames
{
    private const int Most = 5;

    // Names are short; what is typed, or what a guest calls itself, need not be.
    private const int Longest = 80;

    /// <summary>The names that are near, the nearest first, as a sentence; all that there are when none is near.</summary>
    /// <param name="asked">What was typed.</param>
    /// <param name="known">The names that there are.</param>
    public static string Of(string asked, IEnumerable<string> known)
    {
        string[] names = Sorted(known);
        string[] near = Near(asked, names);
        return near.Length > 0 ? Sentence("Near", near) : names.Length > 0 ? Sentence("There", names) : "There is none.";
    }

    /// <summary>The names that are near, as a sentence to begin a remedy with; nothing when none is near.</summary>
    /// <param name="asked">What was typed.</param>
    /// <param name="known">The names that there are.</param>
    public static string Hint(string asked, IEnumerable<string> known) =>
        Near(asked, Sorted(known)) is [_, ..] near ? $"{Sentence("Near", near)} " : string.Empty;

    /// <summary>
    /// How many letters have to be put in, taken out, changed, or swapped with the next one (optimal string alignment distance); upper and
    /// lower case are the same.
    /// </summary>
    /// <param name="asked">What was typed; what is beyond 80 characters does not count.</param>
    /// <param name="name">The name; the same.</param>
    internal static int Distance(string asked, string name)
    {
        string from = Plain(asked), to = Plain(name);
        int[] older = new int[to.Length + 1], old = [.. Enumerable.Range(0, to.Length + 1)], row = new int[to.Length + 1];
        for (int i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = old[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(changed, Math.Min(old[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    row[j] = Math.Min(row[j], older[j - 2] + 1);
                }
            }

            (older, old, row) = (old, row, older);
        }

        return old[^1];
    }

    private static string Plain(string text) => text[..Math.Min(text.Length, Longest)].ToLowerInvariant();

    private static string[] Sorted(IEnumerable<string> names) =>
        [.. names.Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];

    // Those that contain what was typed, or differ from it by a few letters.
    private static string[] Near(string asked, string[] names) =>
    [
        .. names
            .Select(name => (Name: name, Distance: name.Contains(asked, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(asked, name)))
            .Where(one => one.Distance <= Math.Max(1, asked.Length / 3))
            .OrderBy(one => one.Distance)
            .Select(one => one.Name),
    ];

    private static string Sentence(string begin, string[] names)
    {
        string list = string.Join(", ", names.Take(Most).Select(name => Text.Show(name)));
        string more = names.Length > Most ? $" and {names.Length - Most} more" : string.Empty;
        return $"{begin} {(names.Length == 1 ? "is" : "are")} {list}{more}.";
    }
}
