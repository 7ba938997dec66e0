using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;

namespace XenDriverDomain.Completion;

/// <summary>Completes the ids of connected hosts and of this machine; asks none of them.</summary>
internal class Dom0Completer : IArgumentCompleter
{
    private protected virtual bool OffersLocal => true;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return CompletionResults.Of(
                [
                    .. Connections.Here().All.Select(s => new Candidate(s.Dom0.Id, "connected host")),
                    .. OffersLocal ? (Candidate[])[new Candidate(HostSession.LocalId, "this machine")] : [],
                ],
                wordToComplete);
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            return [];
        }
    }
}
