using XenDriverDomain.Terminal;

namespace XenDriverDomain.Configuration.XlCfg;

/// <summary>In which settings one xl.cfg differs from another; comments, layout and order do not count.</summary>
internal static class XlConfigDifferences
{
    private const int Most = 5;
    private const int Longest = 80;
    private const string Unset = "not set";

    /// <summary>The differences for a person, bounded; null when there is none.</summary>
    /// <param name="there">What is there.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="notes">The notes that count as settings.</param>
    public static string? Describe(XlConfigDocument there, XlConfigDocument asked, params IReadOnlyList<string> notes)
    {
        string[] all =
        [
            .. from key in asked.Keys.Concat(there.Keys).Distinct(StringComparer.Ordinal)
               let values = (There: there.GetValue(key), Asked: asked.GetValue(key))
               where !IsSame(values.There, values.Asked)
               select Say(key, Written(values.There), Written(values.Asked)),
            .. from note in notes
               let values = (There: there.GetNote(note), Asked: asked.GetNote(note))
               where values.There != values.Asked
               select Say($"the {note}", values.There, values.Asked),
        ];
        string more = all.Length > Most ? $", and {all.Length - Most} more" : string.Empty;
        return all.Length == 0 ? null : string.Join(", ", all.Take(Most)) + more;
    }

    // xl makes no difference between 384 and "384".
    private static bool IsSame(XlConfigValue? one, XlConfigValue? other) => (one, other) switch
    {
        (null, null) => true,
        (XlConfigAtom a, XlConfigAtom b) => a.Text == b.Text,
        (XlConfigList a, XlConfigList b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items, IsSame).All(same => same),
        _ => false,
    };

    private static string? Written(XlConfigValue? value) => value is null ? null : XlConfigText.Write(value);

    private static string Say(string key, string? there, string? asked) =>
        $"{Text.Show(key, Longest)} is {Text.Show(there ?? Unset, Longest)} instead of {Text.Show(asked ?? Unset, Longest)}";
}
