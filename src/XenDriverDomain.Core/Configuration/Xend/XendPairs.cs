using XenDriverDomain.Configuration.Specs;

namespace XenDriverDomain.Configuration.Xend;

/// <summary>Strings of <c>key=value</c> with commas between, as xm reads them: blanks around a key and a value do not count.</summary>
internal static class XendPairs
{
    /// <summary>The pairs of a string, the last one of each key; null when one is no pair.</summary>
    public static List<KeyValuePair<string, string>>? Split(string text, List<string> reasons)
    {
        List<KeyValuePair<string, string>> pairs = [];
        if (text != text.Trim())
        {
            Blanks();
        }

        text = text.Trim();
        foreach (string part in text.Length == 0 ? [] : text.Split(','))
        {
            (string key, string? value) = SpecText.Split(part);
            if (value is null)
            {
                return null;
            }

            if (key != key.Trim() || value != value.Trim())
            {
                Blanks();
            }

            int earlier = pairs.FindIndex(p => p.Key == key.Trim());
            if (earlier >= 0)
            {
                reasons.Add($"'{Terminal.Text.Show(key.Trim(), 40)}' is given twice, and the last one counts");
                pairs.RemoveAt(earlier);
            }

            pairs.Add(KeyValuePair.Create(key.Trim(), value.Trim()));
        }

        return pairs;

        void Blanks()
        {
            const string Why = "blanks around a comma or an equals sign are no part of a value";
            if (!reasons.Contains(Why))
            {
                reasons.Add(Why);
            }
        }
    }

    /// <summary>The string for them.</summary>
    public static string Join(IEnumerable<KeyValuePair<string, string>> pairs) => string.Join(',', pairs.Select(p => $"{p.Key}={p.Value}"));
}
