using System.Management.Automation;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Session;

/// <summary>How names are matched: case-insensitive, with PowerShell's wildcards.</summary>
internal static class NamePattern
{
    internal static bool HasWildcard(string pattern) => WildcardPattern.ContainsWildcardCharacters(pattern);

    /// <exception cref="XenDriverDomainException">PatternMalformed.</exception>
    internal static bool Matches(string pattern, string name)
    {
        try
        {
            return WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch(name);
        }
        catch (WildcardPatternException e)
        {
            throw new XenDriverDomainException(
                ModuleErrorIds.PatternMalformed,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(pattern)}' is no pattern: a bracket in it has no end, or nothing in it.",
                "Close the bracket, as in '[ab]*', or write it as '`[' when it belongs to the name.",
                pattern,
                e);
        }
    }

    internal static bool MatchesAny(IReadOnlyCollection<string>? patterns, string name) =>
        patterns is null || patterns.Any(pattern => Matches(pattern, name));
}
