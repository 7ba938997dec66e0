using System.Management.Automation;
using System.Management.Automation.Language;

namespace XenDriverDomain.Completion;

/// <summary>Turns candidates into what PowerShell inserts: those that fit what was typed, quoted where needed.</summary>
internal static class CompletionResults
{
    internal static IReadOnlyList<CompletionResult> Of(IEnumerable<Candidate> candidates, string? typed)
    {
        string word = (typed ?? string.Empty).Trim('\'', '"');
        WildcardPattern pattern = WildcardPattern.Get(WildcardPattern.Escape(word) + "*", WildcardOptions.IgnoreCase);
        WildcardPattern inside = WildcardPattern.Get("*" + WildcardPattern.Escape(word) + "*", WildcardOptions.IgnoreCase);
        List<Candidate> all = [.. candidates];
        List<Candidate> fitting = [.. all.Where(c => pattern.IsMatch(c.Text))];
        if (fitting.Count == 0)
        {
            // "10.0" should find 0000:00:10.0.
            fitting = [.. all.Where(c => inside.IsMatch(c.Text))];
        }

        return [.. fitting.Select(c => new CompletionResult(
            Quote(c.Text), c.Text, CompletionResultType.ParameterValue, c.ToolTip.Length == 0 ? c.Text : c.ToolTip))];
    }

    private static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') && text.Length > 0 && text[0] != '-'
            ? text
            : "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'";
}
