using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Changes;

/// <summary>
/// A step of a change failed. The id, kind, remedy and target are those of the step's own error, so that a script can tell
/// causes apart; the message adds what was undone and what state the host is in now.
/// </summary>
public sealed class ChangeFailedException : XenDriverDomainException
{
    internal ChangeFailedException(ChangePlan plan, ChangeStep step, Exception cause, ChangeOutcome outcome)
        : base(
            (cause as XenDriverDomainException)?.ErrorId ?? ErrorIds.ChangeFailed,
            (cause as XenDriverDomainException)?.Kind ?? ErrorKind.ChangeFailed,
            Compose(plan, step, cause, outcome),
            Advise(cause as XenDriverDomainException, outcome),
            (cause as XenDriverDomainException)?.Target,
            cause)
    {
        Step = step.Description;
        Outcome = outcome;
    }

    /// <summary>The step that failed.</summary>
    public string Step { get; }

    /// <summary>What was undone, what was not, and what the host looks like now.</summary>
    public ChangeOutcome Outcome { get; }

    private static string Advise(XenDriverDomainException? cause, ChangeOutcome outcome) => (cause, outcome.Remaining.Count) switch
    {
        (_, 0) => cause?.Remedy ?? "Remove the cause and run the same command again.",
        ({ Kind: ErrorKind.Connection }, _) =>
            "Restore the connection (over SSH, with Connect-XenDom0), then run the same command again; it goes on from the state it finds.",
        _ => "Put right what could not be undone, then run the same command again; it goes on from the state it finds.",
    };

    private static string Compose(ChangePlan plan, ChangeStep step, Exception cause, ChangeOutcome outcome)
    {
        StringBuilder text = new();
        text.Append(plan.Title).Append(" failed at the step \"").Append(step.Description).Append("\": ").Append(cause.Message);
        if (outcome.Remaining.Count > 0)
        {
            text.Append(" NOT undone: ").AppendJoin("; ", outcome.Remaining).Append('.');
        }
        else if (outcome.Undone.Count > 0)
        {
            text.Append(" Everything done before was undone.");
        }
        else if (outcome.Kept.Count == 0)
        {
            text.Append(" Nothing had been changed before it.");
        }

        if (outcome.Kept.Count > 0)
        {
            text.Append(" Done and kept: ").AppendJoin("; ", outcome.Kept).Append('.');
        }

        if (outcome.State is { Length: > 0 } state)
        {
            text.Append(" Now: ").Append(state);
        }

        return text.ToString();
    }
}
