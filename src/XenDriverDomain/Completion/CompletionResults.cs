using System.Management.Automation;
using System.Management.Automation.Language;

namespace XenDriverDomain.Completion;

/// <summary>Turns candidates into what PowerShell inserts: those that fit what was typed, quoted where needed.</summary>
internal static class CompletionResults
{
    internal static IReadOnlyList<CompletionResult> Of(IEnumerable<Candidate> candidates, string? typed)
    {
        string word = Unquoted(typed);
        WildcardPattern pattern = WildcardPattern.Get(WildcardPattern.Escape(word) + "*", WildcardOptions.IgnoreCase);
        WildcardPattern inside = WildcardPattern.Get("*" + WildcardPattern.Escape(word) + "*", WildcardOptions.IgnoreCase);
        // What a guest may have written never gets onto the command line with anything that a terminal obeys.
        List<Candidate> all = [.. candidates.Where(c => !c.Text.Any(char.IsControl))];
        List<Candidate> fitting = [.. all.Where(c => pattern.IsMatch(c.Text))];
        if (fitting.Count == 0)
        {
            // "10.0" should find 0000:00:10.0.
            fitting = [.. all.Where(c => inside.IsMatch(c.Text))];
        }

        return [.. fitting.Select(c => new CompletionResult(
            c.CodeLabel is null ? Quote(c.Text) : c.Text, c.CodeLabel ?? c.Text, CompletionResultType.ParameterValue,
            c.ToolTip.Length == 0 ? c.Text : Terminal.Text.Show(c.ToolTip)))];
    }

    /// <summary>What was typed, without the quotes around it.</summary>
    internal static string Unquoted(string? typed) => (typed ?? string.Empty).Trim('\'', '"');

    private static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/') && text.Length > 0 && text[0] != '-'
            ? text
            : "'" + CodeGeneration.EscapeSingleQuotedStringContent(text) + "'";
}
