using System.Management.Automation;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Completion;

/// <summary>
/// A search for candidates that never throws, and gives up after a second, so that Tab never hangs on a slow host or file.
/// </summary>
internal static class PatientSearch
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>What fits what was typed; nothing when the search fails or takes too long.</summary>
    /// <param name="word">What was typed so far.</param>
    /// <param name="prepare">Looks, in the runspace's own thread, for what is to be searched; null when there is nothing.</param>
    internal static IReadOnlyList<CompletionResult> Complete(
        string? word, Func<Func<CancellationToken, Task<IReadOnlyList<Candidate>>>?> prepare)
    {
        try
        {
            if (prepare() is not { } find)
            {
                return [];
            }

            using CancellationTokenSource limit = new(s_patience);
            Task<IReadOnlyList<Candidate>> search = Task.Run(() => find(limit.Token));
            return search.Wait(s_patience) ? CompletionResults.Of(search.Result, word) : [];
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            return [];
        }
    }
}
