using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using XenDriverDomain.Hosting;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>The base of completers that ask the host; none of them makes a connection that the user did not ask for.</summary>
internal abstract class HostCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        PatientSearch.Complete(wordToComplete, () =>
        {
            CompletionQuery query = new(CompletionResults.Unquoted(wordToComplete), fakeBoundParameters);
            return HostOf(commandName, fakeBoundParameters) is { } host ? token => FindAsync(host, query, token) : null;
        });

    /// <summary>Finds all candidates; which of them fit what was typed is decided by the caller.</summary>
    private protected abstract Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken);

    private static HostSession? HostOf(string commandName, IDictionary bound)
    {
        Connections? connections = CompletionContext.ConnectionsOf(commandName);
        if (connections is null)
        {
            return null;
        }

        object? named = bound["Dom0"];
        if (named is null)
        {
            return connections.Default();
        }

        object value = named is PSObject wrapped ? wrapped.BaseObject : named;
        string? id = (value is object[] { Length: > 0 } many ? many[0] : value) switch
        {
            string text => text,
            { } other => PSObject.AsPSObject(other).Properties["Dom0"]?.Value?.ToString(),
            _ => null,
        };
        return id is null ? null : connections.Find(id);
    }
}
