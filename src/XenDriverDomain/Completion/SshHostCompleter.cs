using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Completion;

/// <summary>Completes the hosts that the user's SSH configuration names; asks none of them.</summary>
internal sealed class SshHostCompleter : IArgumentCompleter
{
    /// <summary>More than any configuration that a person wrote; Tab must not hang on a file that is none.</summary>
    private const int MostLines = 10_000;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string file = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "config");
        try
        {
            return CompletionResults.Of(HostsOf(File.ReadLines(file)), wordToComplete);
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            return [];
        }
    }

    /// <summary>The names of "Host" lines (ssh_config(5)), without patterns.</summary>
    internal static IEnumerable<Candidate> HostsOf(IEnumerable<string> lines) =>
        lines.Take(MostLines)
            .Select(l => l.Split([' ', '\t', '='], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && string.Equals(words[0], "Host", StringComparison.OrdinalIgnoreCase))
            .SelectMany(words => words.Skip(1).Select(w => w.Trim('"')))
            .Where(name => name.Length > 0 && name.IndexOfAny(['*', '?', '!', '#']) < 0)
            .Distinct(StringComparer.Ordinal)
            .Select(name => new Candidate(name, "host of ~/.ssh/config"));
}
