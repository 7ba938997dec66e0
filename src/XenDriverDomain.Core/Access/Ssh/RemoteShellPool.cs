namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// The shells of one connection, each used by one caller at a time. Starting one costs the far side several programs, so they
/// are started ahead of need and used again. Programs that somebody asked for get shells other than the file operations do: one
/// of them may leave a daemon behind that holds its shell's outputs, and what that prints must not get into a file's content.
/// </summary>
/// <param name="start">Starts a shell.</param>
internal sealed class RemoteShellPool(Func<CancellationToken, Task<RemoteShell>> start) : IAsyncDisposable
{
    /// <summary>sshd allows ten sessions on one connection (MaxSessions); the master's own and the idle ones count.</summary>
    private const int MostRented = 6;

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _room = new(MostRented, MostRented);
    private readonly CancellationTokenSource _ending = new();
    private readonly object _sync = new();
    private readonly Task<RemoteShell>?[] _ready = new Task<RemoteShell>?[2];
    private bool _disposed;

    /// <summary>Starts the first shells.</summary>
    public void Prepare()
    {
        lock (_sync)
        {
            for (int i = 0; i < 2; i++)
            {
                _ready[i] ??= start(_ending.Token);
            }
        }
    }

    /// <summary>Takes a shell for one's own use. Give it to <see cref="ReturnAsync"/> afterwards, in any case.</summary>
    public async Task<RemoteShell> RentAsync(bool forProgram, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RemoteShell? shell = Take(forProgram) is { } ready
                ? await AwaitAsync(ready, forProgram, cancellationToken).ConfigureAwait(false)
                : null;
            return shell ?? await start(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _room.Release();
            throw;
        }
    }

    /// <summary>Gives a shell back: for the next one, when it is reusable; to be disposed of otherwise.</summary>
    public async ValueTask ReturnAsync(RemoteShell shell, bool forProgram, bool reusable)
    {
        bool kept = false;
        lock (_sync)
        {
            if (!_disposed && _ready[Index(forProgram)] is null)
            {
                kept = reusable && shell.IsAlive;
                _ready[Index(forProgram)] = !kept ? start(_ending.Token) : forProgram ? CheckAsync(shell) : Task.FromResult(shell);
            }
        }

        if (!kept)
        {
            await shell.DisposeAsync().ConfigureAwait(false);
        }

        _room.Release();
    }

    public async ValueTask DisposeAsync()
    {
        Task<RemoteShell>?[] ready;
        lock (_sync)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            ready = [.. _ready];
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (Task<RemoteShell> one in ready.OfType<Task<RemoteShell>>())
        {
            await DiscardAsync(one).ConfigureAwait(false);
        }

        _ending.Dispose();
        _room.Dispose();
    }

    private static int Index(bool forProgram) => forProgram ? 1 : 0;

    private static async Task DiscardAsync(Task<RemoteShell> ready)
    {
        await ((Task)ready).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ready.IsCompletedSuccessfully)
        {
            await ready.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Task<RemoteShell>? Take(bool forProgram)
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Task<RemoteShell>? ready = _ready[Index(forProgram)];
            _ready[Index(forProgram)] = null;
            return ready;
        }
    }

    /// <summary>Waits for a shell that was started ahead; null when that failed, or it ended while it waited.</summary>
    private async Task<RemoteShell?> AwaitAsync(Task<RemoteShell> ready, bool forProgram, CancellationToken cancellationToken)
    {
        await ((Task)ready).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested)
        {
            bool kept;
            lock (_sync)
            {
                // Somebody else will be glad of it.
                kept = !_disposed && _ready[Index(forProgram)] is null;
                _ready[Index(forProgram)] ??= ready;
            }

            if (!kept)
            {
                await DiscardAsync(ready).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        if (!ready.IsCompletedSuccessfully)
        {
            return null;
        }

        RemoteShell shell = ready.Result;
        if (shell.IsAlive)
        {
            return shell;
        }

        await shell.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>The shell, or a new one when the program that ran in it left somebody behind who holds its outputs.</summary>
    private async Task<RemoteShell> CheckAsync(RemoteShell shell)
    {
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            timeout.CancelAfter(CheckTimeout);
            RemoteReply reply = await shell.RunAsync(RemoteScript.Of("k"), timeout.Token).ConfigureAwait(false);
            if (reply.Status == 0)
            {
                return shell;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or Errors.XenDriverDomainException)
        {
            // It is of no more use; the new one tells why, if it can tell.
        }

        await shell.DisposeAsync().ConfigureAwait(false);
        return await start(_ending.Token).ConfigureAwait(false);
    }
}
