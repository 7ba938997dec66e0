using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using XenDriverDomain.Errors;
using XenDriverDomain.Session;

namespace XenDriverDomain.Completion;

/// <summary>Completes machines to be simulated: the names of those that come with the module, and data files of this machine.</summary>
internal sealed class MachineCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return
            [
                .. CompletionResults.Of(
                    SimulatedMachines.Names.Select(name => new Candidate(name, SimulatedMachines.Summary(name))), wordToComplete),
                .. CompletionCompleters.CompleteFilename(CompletionResults.Unquoted(wordToComplete)).Where(IsDataFileOrFolder),
            ];
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            return [];
        }
    }

    private static bool IsDataFileOrFolder(CompletionResult result) => result.ResultType == CompletionResultType.ProviderContainer
        || CompletionResults.Unquoted(result.CompletionText).EndsWith(SimulatedMachines.Extension, StringComparison.OrdinalIgnoreCase);
}
