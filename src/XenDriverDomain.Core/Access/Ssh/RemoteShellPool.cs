namespace XenDriverDomain.Access.Ssh;

/// <summary>
/// The shells of one connection, each used by one caller at a time. Starting one costs the far side several programs, so they
/// are started ahead of need and used again. Programs that somebody asked for get shells other than the file operations do: one
/// of them may leave a daemon behind that holds its shell's outputs, and what that prints must not get into a file's content.
/// File operations are short, so those begun together wait for the few shells there are: that is sooner than a new one is up.
/// </summary>
/// <param name="start">Starts a shell.</param>
internal sealed class RemoteShellPool(Func<CancellationToken, Task<RemoteShell>> start) : IAsyncDisposable
{
    /// <summary>
    /// sshd allows ten sessions on one connection (MaxSessions) unless it is told otherwise; the master's own and the idle ones count.
    /// </summary>
    private const int MostForPrograms = 4;

    /// <summary>Two, so that a file whose read or write hangs does not stop all others.</summary>
    private const int MostForFiles = 2;

    private static readonly TimeSpan s_checkTimeout = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _ending = new();
    private readonly object _sync = new();
    private readonly Shelf _files = new(MostForFiles, MostForFiles);
    private readonly Shelf _programs = new(MostForPrograms, 1);
    private bool _disposed;

    /// <summary>Starts the first shells.</summary>
    public void Prepare()
    {
        lock (_sync)
        {
            foreach (Shelf shelf in (Shelf[])[_files, _programs])
            {
                if (shelf.Ready.Count == 0)
                {
                    shelf.Ready.Push(start(_ending.Token));
                }
            }
        }
    }

    /// <summary>Takes a shell for one's own use. Give it to <see cref="ReturnAsync"/> afterwards, in any case.</summary>
    public async Task<RemoteShell> RentAsync(bool forProgram, CancellationToken cancellationToken)
    {
        Shelf shelf = ShelfFor(forProgram);
        await shelf.Room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RemoteShell? shell = Take(shelf) is { } ready
                ? await AwaitAsync(ready, shelf, cancellationToken).ConfigureAwait(false)
                : null;
            return shell ?? await start(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            shelf.Room.Release();
            throw;
        }
    }

    /// <summary>Gives a shell back: for the next one, when it is reusable; to be disposed of otherwise.</summary>
    public async ValueTask ReturnAsync(RemoteShell shell, bool forProgram, bool reusable)
    {
        Shelf shelf = ShelfFor(forProgram);
        bool kept = false;
        lock (_sync)
        {
            if (!_disposed && shelf.Ready.Count < shelf.Most)
            {
                kept = reusable && shell.IsAlive;
                if (kept)
                {
                    shelf.Ready.Push(forProgram ? CheckAsync(shell) : Task.FromResult(shell));
                }
                else if (shelf.Ready.Count == 0)
                {
                    shelf.Ready.Push(start(_ending.Token));
                }
            }
        }

        if (!kept)
        {
            await shell.DisposeAsync().ConfigureAwait(false);
        }

        shelf.Room.Release();
    }

    public async ValueTask DisposeAsync()
    {
        Task<RemoteShell>[] ready;
        lock (_sync)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            ready = [.. _files.Ready, .. _programs.Ready];
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (Task<RemoteShell> one in ready)
        {
            await DiscardAsync(one).ConfigureAwait(false);
        }

        _ending.Dispose();
        _files.Room.Dispose();
        _programs.Room.Dispose();
    }

    private Shelf ShelfFor(bool forProgram) => forProgram ? _programs : _files;

    private static async Task DiscardAsync(Task<RemoteShell> ready)
    {
        await ((Task)ready).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ready.IsCompletedSuccessfully)
        {
            await ready.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Task<RemoteShell>? Take(Shelf shelf)
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return shelf.Ready.TryPop(out Task<RemoteShell>? ready) ? ready : null;
        }
    }

    /// <summary>Waits for a shell that was started ahead; null when that failed, or it ended while it waited.</summary>
    private async Task<RemoteShell?> AwaitAsync(Task<RemoteShell> ready, Shelf shelf, CancellationToken cancellationToken)
    {
        await ((Task)ready).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested)
        {
            bool kept;
            lock (_sync)
            {
                // Somebody else will be glad of it.
                kept = !_disposed && shelf.Ready.Count < shelf.Most;
                if (kept)
                {
                    shelf.Ready.Push(ready);
                }
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
            timeout.CancelAfter(s_checkTimeout);
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

    /// <summary>The shells for one purpose.</summary>
    private sealed class Shelf(int rented, int most)
    {
        /// <summary>How many more may be in use.</summary>
        public SemaphoreSlim Room { get; } = new(rented, rented);

        /// <summary>How many are kept for later.</summary>
        public int Most => most;

        /// <summary>Those that wait, or are being started ahead.</summary>
        public Stack<Task<RemoteShell>> Ready { get; } = new();
    }
}
