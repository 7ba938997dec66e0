using System.Management.Automation;

namespace XenDriverDomain.Binding;

/// <summary>How names are matched: case-insensitive, with PowerShell's wildcards.</summary>
internal static class NamePattern
{
    internal static bool HasWildcard(string pattern) => WildcardPattern.ContainsWildcardCharacters(pattern);

    internal static bool Matches(string pattern, string name) =>
        WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch(name);

    internal static bool MatchesAny(IReadOnlyCollection<string>? patterns, string name) =>
        patterns is null || patterns.Any(pattern => Matches(pattern, name));
}
