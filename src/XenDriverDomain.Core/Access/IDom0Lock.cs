namespace XenDriverDomain.Access;

/// <summary>
/// The lock of a dom0 for whoever changes the host with this module: flock(2) on one file of dom0, however dom0 is reached. The
/// kernel lets go of it when its owner is gone, in whatever way: nothing has to be cleaned up, and nobody has to guess.
/// </summary>
internal interface IDom0Lock
{
    /// <summary>
    /// Takes the lock when nobody has it, and does not wait. A cancelled attempt holds nothing. Errors: those of a connection.
    /// </summary>
    /// <param name="note">What the others are told meanwhile.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    ValueTask<LockAttempt> TryTakeAsync(LockNote note, CancellationToken cancellationToken);
}

/// <summary>The lock, held. Disposing it lets go; that never throws, since a lock whose connection is gone is let go of already.</summary>
internal interface IDom0LockHold : IAsyncDisposable
{
    /// <summary>Tells the others in other words what is being done; that it failed is nobody's concern.</summary>
    ValueTask TellAsync(LockNote note);
}

/// <summary>What whoever wants the lock tells about itself, each a line of printable text.</summary>
/// <param name="What">What is being done: the command and what it does.</param>
/// <param name="Who">The user, the machine and the process that do it.</param>
/// <param name="Since">Since when.</param>
internal sealed record LockNote(string What, string Who, DateTimeOffset Since);

/// <summary>Who has the lock.</summary>
/// <param name="Note">What he told.</param>
/// <param name="Way">How he reaches dom0.</param>
/// <param name="ProcessId">The process on dom0 that holds the lock; it lives.</param>
internal sealed record LockOwner(LockNote Note, string Way, int ProcessId);

/// <summary>
/// What became of one attempt. <see cref="Hold"/> is null when somebody has the lock (<see cref="Owner"/>, unless he has not told yet)
/// or when there can be none on this dom0 (<see cref="Obstacle"/>).
/// </summary>
internal sealed record LockAttempt
{
    /// <summary>The lock, when it was taken.</summary>
    public IDom0LockHold? Hold { get; init; }

    /// <summary>Who has it; null when he has not told.</summary>
    public LockOwner? Owner { get; init; }

    /// <summary>Why there can be no lock on this dom0, in words; null when there can.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Whether the obstacle is only that this user is not root, to whom every change is refused anyhow.</summary>
    public bool IsForbidden { get; init; }
}

/// <summary>The lock of a host that nobody else can reach.</summary>
internal sealed class NoLock : IDom0Lock, IDom0LockHold
{
    public ValueTask<LockAttempt> TryTakeAsync(LockNote note, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new LockAttempt { Hold = this });

    public ValueTask TellAsync(LockNote note) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
