using System.Globalization;
using System.Text;
using XenDriverDomain.Errors;
using XenDriverDomain.Reporting;

namespace XenDriverDomain.Changes;

/// <summary>
/// An ordered list of steps that brings the host from the state that was looked at to the one that was asked for. Running it
/// either carries out every step, or undoes what was done, newest first, and says what state the host is in now.
/// </summary>
public sealed record ChangePlan
{
    // What a lost connection has to say is in the failure itself already.
    private const string NoConnection = "there is no connection any more";

    /// <summary>Creates a plan.</summary>
    /// <param name="title">The change in a few words: "Make 0000:00:10.0 assignable".</param>
    /// <param name="steps">The steps; empty when the host is there already.</param>
    internal ChangePlan(string title, IReadOnlyList<ChangeStep> steps)
    {
        Title = title;
        Steps = steps;
    }

    /// <summary>The change in a few words: "Make 0000:00:10.0 assignable".</summary>
    public string Title { get; }

    /// <summary>The steps; empty when the host is there already.</summary>
    internal IReadOnlyList<ChangeStep> Steps { get; init; }

    /// <summary>How long undoing may take in all; it runs even when the user has cancelled, since a half-done change is worse.</summary>
    public TimeSpan UndoTimeout { get; init; } = Patience.Undo;

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => Steps.Count == 0;

    /// <summary>True when nothing that can be seen is changed: there is nothing to do, or only what makes sure.</summary>
    public bool IsAlreadySo => Steps.All(step => step.MakesSure);

    /// <summary>Reads, after a failure, what state the host is in now: a sentence for the error message. May be null.</summary>
    public Func<CancellationToken, Task<string>>? DescribeStateAsync { get; init; }

    /// <summary>The plan as a person reads it: a numbered line a step.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        for (int i = 0; i < Steps.Count; i++)
        {
            if (i > 0)
            {
                text.Append('\n');
            }

            text.Append(CultureInfo.InvariantCulture, $"{i + 1}. {Steps[i].Description}");
        }

        return text.ToString();
    }

    /// <summary>
    /// The plan as commands for a POSIX shell on dom0, each step below its words and with its undo as a comment: the very writes that are
    /// going to be made, as far as they are known before the first of them. A step that only looks is no more than its words.
    /// It stops where something fails, in a shell of its own, so that a session into which it is pasted goes on.
    /// </summary>
    public string ToShell() =>
        IsEmpty ? string.Empty : Printable($"(set -e\n\n{string.Join("\n\n", Steps.Select(ToShell))}\n)");

    private string ToShell(ChangeStep step, int number) =>
        step.ToShell() + (ByHand.IsIn(step.Parts) && number < Steps.Count - 1 ? "\nexit 3" : string.Empty);

    /// <summary>
    /// Shell text fit for a terminal: a name or value with characters that one obeys is shown with them written out, so that such a line is
    /// to be read, and not to be run.
    /// </summary>
    internal static string Printable(string shell) => string.Join(
        '\n', shell.Split('\n').Select(line => string.Join('\t', line.Split('\t').Select(part => Terminal.Text.Show(part, int.MaxValue)))));

    /// <summary>What takes the whole plan back, newest step first, for a POSIX shell on dom0.</summary>
    internal string UndoToShell() =>
        string.Join('\n', Steps.Reverse().Select(s => StepPart.ToShell(s.Undo ?? [])).Where(text => text.Length > 0));

    /// <summary>Carries the plan out.</summary>
    /// <exception cref="ChangeFailedException">A step failed; what had been done was undone as far as the message says.</exception>
    /// <exception cref="OperationCanceledException">The user cancelled; what had been done was undone.</exception>
    public async Task RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hand);
        IOperationReporter reporter = hand.Reporter;
        for (int i = 0; i < Steps.Count; i++)
        {
            ChangeStep step = Steps[i];
            int newest = i - 1;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();

                // A step that fails may be half done, so it is undone as well, but only from here on.
                newest = i;
                reporter.Progress(Title, $"{i + 1} of {Steps.Count}: {step.Description}", i * 100 / Steps.Count);
                reporter.Verbose(step.Description);
                await hand.RunAsync(step.Parts, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!AnyError.IsFatal(failure))
            {
                int oldest = newest == i && step.KeepsEarlierSteps ? i : 0;
                bool wasStopped = failure is OperationCanceledException && cancellationToken.IsCancellationRequested;
                if (wasStopped && newest >= 0)
                {
                    reporter.Warning($"{Title}: stopped at the step \"{step.Description}\". What had been done is undone now.");
                }

                ChangeOutcome outcome = await UndoAsync(newest, oldest, done: i, hand).ConfigureAwait(false);
                reporter.Progress(Title, outcome.Remaining.Count == 0 ? "Undone" : "Failed", 100);
                if (wasStopped)
                {
                    if (outcome.Remaining.Count > 0)
                    {
                        throw new ChangeFailedException(this, step, failure, outcome, wasStopped: true);
                    }

                    if (newest >= 0)
                    {
                        reporter.Warning($"{Title}: undone.{(outcome.State is { } state ? $" Now: {state}" : string.Empty)}");
                    }

                    throw;
                }

                throw new ChangeFailedException(this, step, failure, outcome);
            }
        }

        if (Steps.Count > 0)
        {
            reporter.Progress(Title, "Done", 100);
        }
    }

    /// <summary>
    /// Undoes the steps from <paramref name="newest"/> down to <paramref name="oldest"/>, of which the first <paramref name="done"/> were
    /// carried out in full.
    /// </summary>
    private async Task<ChangeOutcome> UndoAsync(int newest, int oldest, int done, HostHand hand)
    {
        List<string> undone = [];
        List<string> remaining = [];
        List<string> kept = [];
        using CancellationTokenSource limit = new(UndoTimeout, hand.Dom0.Time);
        for (int i = newest; i >= 0; i--)
        {
            ChangeStep step = Steps[i];
            if (step.Undo is null || i < oldest)
            {
                if (i < done)
                {
                    kept.Add(step.Description);
                }

                continue;
            }

            string words = step.UndoDescription ?? $"Undo: {step.Description}";
            try
            {
                if (await IsUndoneAsync(step, hand, limit.Token).ConfigureAwait(false))
                {
                    continue;
                }

                hand.Reporter.Verbose(words);
                await hand.RunAsync(step.Undo, limit.Token).ConfigureAwait(false);
                if (step.IsUndoneAsync is { } look && !await look(hand, limit.Token).ConfigureAwait(false))
                {
                    throw new XenDriverDomainException(
                        ErrorIds.ChangeFailed,
                        ErrorKind.ChangeFailed,
                        "it was carried out, but the host is not as it was before",
                        string.Empty);
                }

                undone.Add(words);
            }
            catch (Exception e) when (!AnyError.IsFatal(e))
            {
                string why = e switch
                {
                    OperationCanceledException when limit.IsCancellationRequested =>
                        $"undoing took longer than {UndoTimeout.TotalSeconds:0} s",
                    XenDriverDomainException { Kind: ErrorKind.Connection } => NoConnection,
                    _ => AnyError.WordsFor(e),
                };
                remaining.Add($"{words}: {why}");
                hand.Reporter.Warning($"Could not undo a step. {words}: {why}");
            }
        }

        return new ChangeOutcome(undone, remaining, await DescribeAsync(limit.Token).ConfigureAwait(false)) { Kept = kept };
    }

    // Who cannot look undoes: an undo is safe where there is nothing to undo.
    private static async Task<bool> IsUndoneAsync(ChangeStep step, HostHand hand, CancellationToken cancellationToken)
    {
        try
        {
            return step.IsUndoneAsync is { } look && await look(hand, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException && !AnyError.IsFatal(e))
        {
            hand.Reporter.Debug($"Whether there is something to undo could not be seen: {AnyError.WordsFor(e)}");
            return false;
        }
    }

    private async Task<string?> DescribeAsync(CancellationToken cancellationToken)
    {
        if (DescribeStateAsync is null)
        {
            return null;
        }

        try
        {
            return await DescribeStateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (XenDriverDomainException e) when (e.Kind == ErrorKind.Connection)
        {
            return $"The state could not be read: {NoConnection}.";
        }
        catch (Exception e) when (!AnyError.IsFatal(e))
        {
            return $"The state could not be read: {AnyError.WordsFor(e)}";
        }
    }
}

/// <summary>
/// A change that was looked at, checked and planned, but not begun, and the way to see what became of it. A caller shows the
/// plan (-WhatIf) or runs it and then reads the state back; nothing is inferred from the plan's having run.
/// </summary>
/// <typeparam name="T">What is read back.</typeparam>
/// <param name="Plan">The steps.</param>
/// <param name="ReadBackAsync">Reads the resulting state from the host, after the plan ran.</param>
public sealed record PlannedChange<T>(ChangePlan Plan, Func<CancellationToken, Task<T>> ReadBackAsync);
