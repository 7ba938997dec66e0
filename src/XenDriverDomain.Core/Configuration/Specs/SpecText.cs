namespace XenDriverDomain.Configuration.Specs;

/// <summary>What PCI, vif and disk strings have in common.</summary>
internal static class SpecText
{
    /// <summary>xl takes any number by atoi, so that "yes" is 0; only 0 and 1 mean what they say.</summary>
    public static bool? Flag(string value) => value switch
    {
        "0" => false,
        "1" => true,
        _ => null,
    };

    public static string Flag(bool value) => value ? "1" : "0";

    public static bool HasBlank(string text) => text.Any(char.IsWhiteSpace);

    /// <summary>Key and value of <c>key=value</c>; a null value where there is no equals sign.</summary>
    public static (string Key, string? Value) Split(string part)
    {
        int sign = part.IndexOf('=', StringComparison.Ordinal);
        return sign < 0 ? (part, null) : (part[..sign], part[(sign + 1)..]);
    }
}
