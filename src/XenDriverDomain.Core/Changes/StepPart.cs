using System.Globalization;

namespace XenDriverDomain.Changes;

/// <summary>A part of a step, in the order of doing.</summary>
internal abstract record StepPart
{
    /// <summary>The part for a POSIX shell on dom0; empty when it changes nothing.</summary>
    public abstract string ToShell();

    /// <summary>False for what only looks or waits: nothing of it has to be taken back.</summary>
    public virtual bool Changes => true;

    /// <summary>Carries it out.</summary>
    public abstract Task RunAsync(HostHand hand, CancellationToken cancellationToken);

    /// <summary>Parts one after the other for a POSIX shell.</summary>
    public static string ToShell(IEnumerable<StepPart> parts) => string.Join('\n', parts.Select(p => p.ToShell()).Where(t => t.Length > 0));

    /// <summary>Commands that are run only when something is so. A here-document must begin where its line does.</summary>
    public static string IfShell(HostCondition condition, string commands) => commands.Length == 0
        ? string.Empty
        : $"if {condition.ToShell()}; then\n{(commands.Contains("<<", StringComparison.Ordinal) ? commands : Indented(commands))}\nfi";

    private static string Indented(string commands) => "  " + commands.Replace("\n", "\n  ", StringComparison.Ordinal);

    /// <summary>An act whose outcome nobody needs, and which is proven elsewhere.</summary>
    public static implicit operator StepPart(HostAct<bool> act) => new Act<bool>(act, null);
}

/// <summary>An act, and the look that proves it.</summary>
/// <typeparam name="T">What the act tells.</typeparam>
/// <param name="Deed">The act.</param>
/// <param name="ProveAsync">Looks whether it has had its effect, and throws when it has not; it changes nothing. Null for an act without a
/// proof of its own.</param>
internal sealed record Act<T>(HostAct<T> Deed, Func<T, HostHand, CancellationToken, Task>? ProveAsync) : StepPart
{
    /// <inheritdoc/>
    public override string ToShell() => Deed.ToShell();

    /// <inheritdoc/>
    public override async Task RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        T outcome = await hand.DoAsync(Deed, cancellationToken).ConfigureAwait(false);
        if (ProveAsync is not null)
        {
            await ProveAsync(outcome, hand, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>A look that throws when something is not as it should be; it changes nothing.</summary>
/// <param name="LookAsync">Looks.</param>
internal sealed record Look(Func<HostHand, CancellationToken, Task> LookAsync) : StepPart
{
    /// <inheritdoc/>
    public override bool Changes => false;

    /// <inheritdoc/>
    public override string ToShell() => string.Empty;

    /// <inheritdoc/>
    public override Task RunAsync(HostHand hand, CancellationToken cancellationToken) => LookAsync(hand, cancellationToken);
}

/// <summary>Parts that are carried out only when something is so at that moment.</summary>
/// <param name="Condition">What must be so.</param>
/// <param name="Parts">The parts.</param>
internal sealed record When(HostCondition Condition, params IReadOnlyList<StepPart> Parts) : StepPart
{
    /// <inheritdoc/>
    public override bool Changes => Parts.Any(part => part.Changes);

    /// <inheritdoc/>
    public override string ToShell() => IfShell(Condition, ToShell(Parts));

    /// <inheritdoc/>
    public override async Task RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        if (await hand.HoldsAsync(Condition, cancellationToken).ConfigureAwait(false))
        {
            await hand.RunAsync(Parts, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>Parts that are carried out only when a look does not speak against it: what a condition that is a value cannot say.</summary>
/// <param name="What">What speaks against it, for a person who has the shell's text: "a domain has it".</param>
/// <param name="LookAsync">Looks; true when the parts are not to be carried out.</param>
/// <param name="Parts">The parts.</param>
internal sealed record Unless(
    string What, Func<HostHand, CancellationToken, Task<bool>> LookAsync, IReadOnlyList<StepPart> Parts) : StepPart
{
    /// <inheritdoc/>
    public override bool Changes => Parts.Any(part => part.Changes);

    /// <inheritdoc/>
    public override string ToShell() => ToShell(Parts) is { Length: > 0 } text ? $"# unless {What}:\n{text}" : string.Empty;

    /// <inheritdoc/>
    public override async Task RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        if (!await LookAsync(hand, cancellationToken).ConfigureAwait(false))
        {
            await hand.RunAsync(Parts, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>A wait until something is so.</summary>
/// <param name="Until">What is waited for.</param>
/// <param name="Limit">How long.</param>
internal sealed record WaitFor(HostCondition Until, TimeSpan Limit) : StepPart
{
    /// <inheritdoc/>
    public override bool Changes => false;

    /// <summary>The error of a wait in vain; null when that is none.</summary>
    public Func<Exception>? InVain { get; init; }

    /// <summary>True when what comes next is meant for a wait in vain as well; a shell stops there otherwise.</summary>
    public bool GoesOn { get; init; }

    /// <inheritdoc/>
    public override string ToShell() =>
        $"n={((int)Math.Ceiling(Limit.TotalSeconds)).ToString(CultureInfo.InvariantCulture)}; "
        + $"until {Until.ToShell()}; do [ $((n=n-1)) -gt 0 ] || {(GoesOn ? "break" : "exit 1")}; sleep 1; done";

    /// <inheritdoc/>
    public override async Task RunAsync(HostHand hand, CancellationToken cancellationToken)
    {
        if (!await hand.WaitAsync(this, cancellationToken).ConfigureAwait(false) && InVain is not null)
        {
            throw InVain();
        }
    }
}

/// <summary>
/// What a <see cref="Course"/> is going to do, in the shell's own words where there is no act for it yet: a number is only known later, or
/// no shell can do it, and a comment says so. Nothing carries it out.
/// </summary>
/// <param name="Text">The text.</param>
internal sealed record Said(string Text) : StepPart
{
    /// <inheritdoc/>
    public override string ToShell() => Text;

    /// <inheritdoc/>
    public override Task RunAsync(HostHand hand, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Only a course says what it does.");
}

/// <summary>What somebody has to see to before the steps that follow: a shell's text ends there, unless nothing follows.</summary>
/// <param name="What">What is done, and what to see to, as lines for a person.</param>
internal sealed record ByHand(params IReadOnlyList<string> What) : StepPart
{
    /// <inheritdoc/>
    public override bool Changes => false;

    /// <inheritdoc/>
    public override string ToShell() => string.Join('\n', What.Select(line => $"# {line}"));

    /// <inheritdoc/>
    public override Task RunAsync(HostHand hand, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Only a course says what it does.");

    /// <summary>True when somebody is called for in these parts.</summary>
    public static bool IsIn(IEnumerable<StepPart> parts) =>
        parts.Any(part => part is ByHand || (part is Course course && IsIn(course.Expected)));
}

/// <summary>
/// Acts between which somebody looks and decides. Code decides, but all that it does it does by acts; what it is going to do when the host
/// is as it was seen is said beforehand.
/// </summary>
/// <param name="Expected">What it is going to do: with names where it does not know the numbers yet.</param>
/// <param name="GoAsync">Looks, decides, and acts by the hand that it is given.</param>
internal sealed record Course(IReadOnlyList<StepPart> Expected, Func<HostHand, CancellationToken, Task> GoAsync) : StepPart
{
    /// <inheritdoc/>
    public override bool Changes => Expected.Any(part => part.Changes);

    /// <inheritdoc/>
    public override string ToShell() => ToShell(Expected);

    /// <inheritdoc/>
    public override Task RunAsync(HostHand hand, CancellationToken cancellationToken) => GoAsync(hand, cancellationToken);
}
