using System.Text;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Changes;

/// <summary>
/// A step of a change failed. The id, kind, remedy and target are those of the step's own error, so that a script can tell
/// causes apart; the message adds what was undone and what state the host is in now.
/// </summary>
internal sealed class ChangeFailedException : XenDriverDomainException
{
    /// <summary>Creates the error.</summary>
    /// <param name="plan">The change.</param>
    /// <param name="step">The step that failed.</param>
    /// <param name="cause">What it threw.</param>
    /// <param name="outcome">What became of the change.</param>
    /// <param name="wasStopped">True when it did not fail, but the user stopped it.</param>
    internal ChangeFailedException(ChangePlan plan, ChangeStep step, Exception cause, ChangeOutcome outcome, bool wasStopped = false)
        : this(plan, step, cause, outcome, wasStopped ? Stopped(cause) : Known(cause), wasStopped)
    {
    }

    private ChangeFailedException(
        ChangePlan plan, ChangeStep step, Exception cause, ChangeOutcome outcome, XenDriverDomainException known, bool wasStopped)
        : base(known.ErrorId, known.Kind, Compose(plan, step, known, outcome, wasStopped), Advise(known, outcome), known.Target, cause)
    {
        Step = step.Description;
        Outcome = outcome;
    }

    /// <summary>The step that failed.</summary>
    public string Step { get; }

    /// <summary>What was undone, what was not, and what the host looks like now.</summary>
    public ChangeOutcome Outcome { get; }

    private static XenDriverDomainException Stopped(Exception cause) => new(
        ErrorIds.ChangeFailed, ErrorKind.ChangeFailed, "it was stopped.", "Run the same command again.", innerException: cause);

    /// <summary>What a step threw, as an error of ours, whose message goes on after a colon.</summary>
    private static XenDriverDomainException Known(Exception cause)
    {
        if (cause is XenDriverDomainException ours)
        {
            return ours;
        }

        XenDriverDomainException known = AnyError.From(cause, string.Empty);
        bool isOurFault = known.ErrorId == ErrorIds.InternalError;
        return new(
            isOurFault ? ErrorIds.ChangeFailed : known.ErrorId,
            isOurFault ? ErrorKind.ChangeFailed : known.Kind,
            AnyError.WordsFor(cause),
            known.Remedy,
            innerException: cause);
    }

    private static string Advise(XenDriverDomainException cause, ChangeOutcome outcome) => (cause, outcome.Remaining.Count) switch
    {
        (_, 0) => cause.Remedy,
        ({ Kind: ErrorKind.Connection }, _) =>
            "Restore the connection (over SSH, with Connect-XenDom0), then run the same command again; it goes on from the state it finds.",
        _ => "Put right what could not be undone, then run the same command again; it goes on from the state it finds.",
    };

    private static string Compose(
        ChangePlan plan, ChangeStep step, XenDriverDomainException cause, ChangeOutcome outcome, bool wasStopped)
    {
        StringBuilder text = new();
        text.Append(plan.Title).Append(wasStopped ? " ended" : " failed").Append(" at the step \"").Append(step.Description).Append("\": ");
        text.Append(cause.Message);
        if (outcome.Remaining.Count > 0)
        {
            text.Append(" NOT undone: ").AppendJoin("; ", outcome.Remaining).Append('.');
        }
        else if (outcome.Undone.Count > 0)
        {
            text.Append(outcome.Kept.Count == 0 ? " Everything done before was undone." : " What can be undone was undone.");
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

/// <summary>What became of a change that failed.</summary>
/// <param name="Undone">What was taken back, newest first, in words.</param>
/// <param name="Remaining">What could not be taken back and why; empty when the host is as it was.</param>
/// <param name="State">What the host looks like now, read after the undo; null when nobody could tell.</param>
internal sealed record ChangeOutcome(IReadOnlyList<string> Undone, IReadOnlyList<string> Remaining, string? State)
{
    /// <summary>Steps that were carried out and have no undo, because keeping them does no harm; newest first, in words.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];
}
