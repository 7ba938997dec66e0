using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Changes;

/// <summary>
/// A dom0's lock, held from before a change looks until what it did was read back: what one change has seen, no other one changes
/// meanwhile. Whoever meets it waits for a while, and is then refused with the owner's name. Programs that know nothing of it, such
/// as xl, are not locked out, so that each step looks for itself all the same.
/// </summary>
public sealed class ChangeLock : IDisposable
{
    /// <summary>How long somebody waits for another one's change.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly Dom0 _dom0;
    private readonly IDom0LockHold _hold;
    private readonly LockNote _note;

    private ChangeLock(Dom0 dom0, IDom0LockHold hold, LockNote note)
    {
        _dom0 = dom0;
        _hold = hold;
        _note = note;
    }

    /// <summary>Takes the lock of a host; null where there can be none, which is warned of once.</summary>
    /// <param name="dom0">The host.</param>
    /// <param name="what">What is going to be done, for the others: the command.</param>
    /// <param name="patience">How long to wait for somebody who has it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="XenDriverDomainException">Dom0Locked: somebody else changes the host. Or a connection error.</exception>
    public static async Task<ChangeLock?> TakeAsync(
        Dom0 dom0, string what, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dom0);
        LockNote note = new(what, Whoami(), dom0.Time.GetUtcNow());
        LockAttempt attempt = await dom0.Lock.TryTakeAsync(note, cancellationToken).ConfigureAwait(false);
        if (attempt is { Hold: null, Obstacle: null })
        {
            attempt = await WaitAsync(dom0, note, attempt, patience, cancellationToken).ConfigureAwait(false);
        }

        if (attempt.Hold is { } hold)
        {
            return new ChangeLock(dom0, hold, note);
        }

        string words = $"Nobody else is kept from changing {dom0.Id} at the same time: {attempt.Obstacle}.";
        if (attempt.IsForbidden)
        {
            dom0.Reporter.Debug(words);
        }
        else if (dom0.TellsUnlocked())
        {
            dom0.Reporter.Warning(words);
        }

        return null;
    }

    /// <summary>Tells the others what is being done, now that it is known. Nobody waits until they can read it.</summary>
    /// <param name="what">The plan's title.</param>
    public void Tell(string what)
    {
        ValueTask telling = _hold.TellAsync(_note with { What = $"{what} ({_note.What})" });
        if (!telling.IsCompleted)
        {
            _dom0.LetGoOn(telling.AsTask());
        }
    }

    /// <summary>Lets go. Nobody waits until the host has heard it; the connection's end does.</summary>
    public void Dispose()
    {
        ValueTask releasing = _hold.DisposeAsync();
        if (!releasing.IsCompleted)
        {
            _dom0.LetGoOn(releasing.AsTask());
        }
    }

    private static string Whoami()
    {
        // sudo changes the user, and says who it was.
        string? before = Environment.GetEnvironmentVariable("SUDO_USER");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(string.IsNullOrEmpty(before) ? Environment.UserName : before)} at {Environment.MachineName} (process "
                + $"{Environment.ProcessId})");
    }

    private static async Task<LockAttempt> WaitAsync(
        Dom0 dom0, LockNote note, LockAttempt attempt, TimeSpan patience, CancellationToken cancellationToken)
    {
        string activity = $"Waiting until {dom0.Id} may be changed";
        string? told = null;
        long begun = dom0.Time.GetTimestamp();
        try
        {
            while (attempt is { Hold: null, Obstacle: null })
            {
                string owner = Describe(attempt.Owner);
                if (owner != told)
                {
                    dom0.Reporter.Verbose($"{activity}: {owner}.");
                    dom0.Reporter.Progress(activity, owner, -1);
                    told = owner;
                }

                if (dom0.Time.GetElapsedTime(begun) >= patience)
                {
                    throw Locked(dom0, attempt.Owner, patience);
                }

                await Task.Delay(s_interval, dom0.Time, cancellationToken).ConfigureAwait(false);
                attempt = await dom0.Lock.TryTakeAsync(note with { Since = dom0.Time.GetUtcNow() }, cancellationToken)
                    .ConfigureAwait(false);
            }

            return attempt;
        }
        finally
        {
            dom0.Reporter.Progress(activity, "Done", 100);
        }
    }

    private static string Describe(LockOwner? owner) => owner is null
        ? "somebody changes it, who has not said who he is"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{owner.Note.Who}, {owner.Way}, changes it since {owner.Note.Since:yyyy-MM-dd HH:mm:ss} UTC: {owner.Note.What}");

    private static XenDriverDomainException Locked(Dom0 dom0, LockOwner? owner, TimeSpan patience) => new(
        ErrorIds.Dom0Locked,
        ErrorKind.InUse,
        $"{dom0.Id} is being changed by somebody else, and was so for {patience.TotalSeconds:0.###} s: {Describe(owner)}.",
        "Wait until that is done, then run the same command again. "
        + (owner is null
            ? "The lock goes with whoever holds it (on dom0: fuser /run/xen-driver-domain/lock)."
            : $"The lock goes with its owner: when he is gone astray, end the process {owner.ProcessId} on dom0."),
        dom0.Id);
}
