using System.Collections;

namespace XenDriverDomain.Completion;

/// <summary>What a completer is asked.</summary>
/// <param name="Word">What was typed so far, without quotes.</param>
/// <param name="Bound">The command's other parameters, as far as PowerShell could tell without running anything.</param>
internal sealed record CompletionQuery(string Word, IDictionary Bound)
{
    /// <summary>The texts that a parameter has; null when it is not there.</summary>
    internal IReadOnlyList<string>? TextsOf(string parameter) => Bound[parameter] switch
    {
        null => null,
        string text => [text],
        IEnumerable many => [.. many.Cast<object?>().Select(v => v?.ToString()).OfType<string>()],
        { } one => [one.ToString() ?? string.Empty],
    };
}
