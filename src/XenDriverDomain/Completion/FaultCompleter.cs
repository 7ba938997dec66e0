using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace XenDriverDomain.Completion;

/// <summary>Completes faults of a simulated host by examples to be edited; asks no host.</summary>
internal sealed class FaultCompleter : IArgumentCompleter
{
    private static readonly Candidate[] s_examples =
    [
        new("no-iommu", "Xen has no IOMMU"),
        new("no-pciback", "the xen-pciback driver is not loaded"),
        new("stale:0000:03:00.0:7", "the toolstack's record names a domain that is gone: stale:ADDRESS:DOMID"),
        new("write:/sys/bus/pci/drivers/pciback/bind:1:EBUSY", "the first write to a file fails: write:PATH[:N]:ERRNO"),
        new("xenstore:drop:20", "xenstored drops the connection after 20 requests: xenstore:drop:N"),
        new("xl:create:hang", "a program never ends: PROGRAM:ARGUMENTS[:N]:hang"),
        new("xl:create:1:die", "a program does its work and dies: PROGRAM:ARGUMENTS[:N]:die"),
        new("xl:shutdown:lie", "a program does nothing and reports success: PROGRAM:ARGUMENTS[:N]:lie"),
        new("xl:network-attach:fail=1 libxl: error: it failed", "a program fails: PROGRAM:ARGUMENTS[:N]:fail[=CODE[ MESSAGE]]"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.Of(s_examples, wordToComplete);
}
