using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosting;
using XenDriverDomain.Hosts;

namespace XenDriverDomain.Completion;

/// <summary>
/// The base of completers that ask the host: never throws, gives up after a second so that Tab never hangs on a slow host, and
/// never makes a connection that the user did not ask for.
/// </summary>
public abstract class HostCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            HostSession? host = HostOf(commandName, fakeBoundParameters);
            if (host is null)
            {
                return [];
            }

            CompletionQuery query = new(CompletionResults.Unquoted(wordToComplete), fakeBoundParameters);
            using CancellationTokenSource limit = new(Patience);
            Task<IReadOnlyList<Candidate>> look = Task.Run(() => FindAsync(host, query, limit.Token));
            return look.Wait(Patience) ? CompletionResults.Of(look.Result, wordToComplete) : [];
        }
        catch (Exception e) when (e is XenDriverDomainException or AggregateException or InvalidOperationException or RuntimeException)
        {
            return [];
        }
    }

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
