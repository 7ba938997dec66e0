namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// The shells of one connection. Scripts that run only programs of coreutils give theirs back; a program somebody asked for
/// gets one that is never used again, since it may leave a daemon behind that still holds its outputs. One spare shell is
/// started ahead of need, as that takes longer than most programs run.
/// </summary>
/// <param name="start">Starts a shell.</param>
internal sealed class RemoteShellPool(Func<CancellationToken, Task<RemoteShell>> start) : IAsyncDisposable
{
    /// <summary>sshd allows ten sessions on one connection (MaxSessions); the master's own, spare and idle ones count.</summary>
    private const int MostRented = 6;

    private const int MostIdle = 2;
    private readonly SemaphoreSlim _room = new(MostRented, MostRented);
    private readonly CancellationTokenSource _ending = new();
    private readonly Stack<RemoteShell> _idle = new();
    private Task<RemoteShell>? _spare;
    private bool _disposed;

    /// <summary>Takes a shell for one's own use. Give it to <see cref="ReturnAsync"/> afterwards, in any case.</summary>
    public async Task<RemoteShell> RentAsync(CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                Task<RemoteShell> next = Next(cancellationToken);
                RemoteShell shell = await TakeAsync(next, cancellationToken).ConfigureAwait(false);
                if (shell.IsAlive)
                {
                    return shell;
                }

                await shell.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch
        {
            _room.Release();
            throw;
        }
    }

    /// <summary>Gives a shell back: for the next one, when it is as good as new; to be disposed of otherwise.</summary>
    public async ValueTask ReturnAsync(RemoteShell shell, bool reusable)
    {
        bool kept = false;
        lock (_idle)
        {
            if (reusable && !_disposed && shell.IsAlive && _idle.Count < MostIdle)
            {
                _idle.Push(shell);
                kept = true;
            }
        }

        if (!kept)
        {
            await shell.DisposeAsync().ConfigureAwait(false);
        }

        _room.Release();
        PrepareSpare();
    }

    /// <summary>Starts a shell ahead of need, when none waits.</summary>
    public void PrepareSpare()
    {
        lock (_idle)
        {
            if (!_disposed && _idle.Count == 0 && _spare is null)
            {
                _spare = start(_ending.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<RemoteShell> shells;
        Task<RemoteShell>? spare;
        lock (_idle)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            shells = [.. _idle];
            _idle.Clear();
            spare = _spare;
            _spare = null;
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        if (spare is not null)
        {
            await ((Task)spare).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (spare.IsCompletedSuccessfully)
            {
                shells.Add(spare.Result);
            }
        }

        foreach (RemoteShell shell in shells)
        {
            await shell.DisposeAsync().ConfigureAwait(false);
        }

        _ending.Dispose();
    }

    private Task<RemoteShell> Next(CancellationToken cancellationToken)
    {
        lock (_idle)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.TryPop(out RemoteShell? idle))
            {
                return Task.FromResult(idle);
            }

            if (_spare is { } spare)
            {
                _spare = null;
                if (!spare.IsFaulted && !spare.IsCanceled)
                {
                    return spare;
                }
            }
        }

        return start(cancellationToken);
    }

    private async Task<RemoteShell> TakeAsync(Task<RemoteShell> next, CancellationToken cancellationToken)
    {
        try
        {
            return await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            lock (_idle)
            {
                if (!_disposed && _spare is null)
                {
                    // Somebody else will be glad of it.
                    _spare = next;
                    throw;
                }
            }

            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsCompletedSuccessfully)
            {
                await next.Result.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }
}
