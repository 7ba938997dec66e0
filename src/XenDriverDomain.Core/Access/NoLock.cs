namespace XenDriverDomain.Access;

/// <summary>The lock of a host that nobody else can reach.</summary>
internal sealed class NoLock : IDom0Lock, IDom0LockHold
{
    public ValueTask<LockAttempt> TryTakeAsync(LockNote note, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new LockAttempt { Hold = this });

    public ValueTask TellAsync(LockNote note) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
