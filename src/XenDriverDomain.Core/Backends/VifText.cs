namespace XenDriverDomain.Backends;

/// <summary>A vif string of xl.cfg (xl-network-configuration(5)): <c>key=value</c> pairs with commas between them.</summary>
internal static class VifText
{
    /// <summary>The value of a key, or null. Blanks before a key are allowed; those behind a value belong to it (xl_parse.c).</summary>
    public static string? Get(string spec, string key)
    {
        foreach (string part in spec.Split(','))
        {
            string pair = part.TrimStart();
            if (pair.Length > key.Length && pair[key.Length] == '=' && pair.StartsWith(key, StringComparison.Ordinal))
            {
                return pair[(key.Length + 1)..];
            }
        }

        return null;
    }
}
