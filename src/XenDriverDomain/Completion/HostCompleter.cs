using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using XenDriverDomain.Hosts;
using XenDriverDomain.Session;

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
            if (!IdOf(fakeBoundParameters, out string? id))
            {
                return null;
            }

            Connections connections = Connections.Here();
            if (connections.FindMeant(id) is { } host)
            {
                return token => FindAsync(host, query, token);
            }

            return connections.IsLocalMeant(id) ? token => FindHereAsync(query, token) : null;
        });

    /// <summary>Finds all candidates; which of them fit what was typed is decided by the caller.</summary>
    private protected abstract Task<IReadOnlyList<Candidate>> FindAsync(
        HostSession host, CompletionQuery query, CancellationToken cancellationToken);

    // Tab leaves nothing behind: this machine is looked at in a session of the search's own.
    private async Task<IReadOnlyList<Candidate>> FindHereAsync(CompletionQuery query, CancellationToken cancellationToken)
    {
        HostSession here = HostSession.Local(TimeProvider.System);
        await using (here.ConfigureAwait(false))
        {
            return await FindAsync(here, query, cancellationToken).ConfigureAwait(false);
        }
    }

    // False when -Dom0 is there, but not what it will be; null when it is left out.
    private static bool IdOf(IDictionary bound, out string? id)
    {
        id = null;
        if (bound["Dom0"] is not { } named)
        {
            return true;
        }

        object value = named is PSObject wrapped ? wrapped.BaseObject : named;
        id = (value is object[] { Length: > 0 } many ? many[0] : value) switch
        {
            string text => text,
            { } other => PSObject.AsPSObject(other).Properties["Dom0"]?.Value?.ToString(),
            _ => null,
        };
        return id is not null;
    }
}
