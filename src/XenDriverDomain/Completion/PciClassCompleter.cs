using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Completion;

/// <summary>Completes the groups of PCI classes; asks no host.</summary>
internal sealed class PciClassCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.Of(
            Enum.GetValues<PciClass>()
                .Select(c => new Candidate(c.ToString(), $"class {((int)c > 0xff ? $"{(int)c:x4}" : $"{(int)c:x2}")}")),
            wordToComplete);
}
