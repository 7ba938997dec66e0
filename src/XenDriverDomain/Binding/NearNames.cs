namespace XenDriverDomain.Binding;

/// <summary>Which of the names that there are somebody may have meant.</summary>
internal static class NearNames
{
    private const int Most = 5;

    /// <summary>The nearest names: those that contain what was typed, or differ from it by a few letters; all when none is near.</summary>
    internal static string Of(string asked, IEnumerable<string> known)
    {
        string[] names =
        [
            .. known.Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
        ];
        string[] near =
        [
            .. names
                .Select(name => (Name: name, Distance: Distance(asked, name)))
                .Where(one => one.Distance <= Math.Max(1, asked.Length / 3))
                .OrderBy(one => one.Distance)
                .Select(one => one.Name),
        ];
        string[] told = near.Length > 0 ? near : names;
        string list = string.Join(", ", told.Take(Most).Select(name => Terminal.Text.Show(name)));
        return told.Length > Most ? $"{list} and {told.Length - Most} more" : list;
    }

    // Nothing for what is a part of the name; else how many letters must be changed, added or left out (Levenshtein).
    private static int Distance(string asked, string name)
    {
        if (name.Contains(asked, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        int[] row = [.. Enumerable.Range(0, name.Length + 1)];
        for (int i = 1; i <= asked.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= name.Length; j++)
            {
                int change = char.ToLowerInvariant(asked[i - 1]) == char.ToLowerInvariant(name[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + change));
            }
        }

        return row[name.Length];
    }
}
