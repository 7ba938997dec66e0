using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace XenDriverDomain.Completion;

/// <summary>Completes the ids of connected hosts; asks none of them.</summary>
internal sealed class Dom0Completer : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return CompletionResults.Of(
                CompletionContext.ConnectionsOf(commandName)?.All.Select(s => new Candidate(s.Dom0.Id, "connected host")) ?? [],
                wordToComplete);
        }
        catch (RuntimeException)
        {
            return [];
        }
    }
}
