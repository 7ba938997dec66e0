using XenDriverDomain.Reporting;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Access;

/// <summary>
/// One Xen host, seen from its control domain: the ports that reach it, and the one connection to its xenstored that is shared
/// by all who ask for it. Disposing it closes the connections.
/// </summary>
public sealed class Dom0 : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Func<Dom0, CancellationToken, ValueTask<IXenStoreClient>> _openStore;
    private readonly IAsyncDisposable? _connection;
    private readonly object _goingOn = new();
    private readonly List<Task> _tasks = [];
    private IXenStoreClient? _store;
    private bool _disposed;
    private int _toldUnlocked;

    /// <summary>Creates a host of its ports.</summary>
    /// <param name="id">How outputs name the host: <c>local</c>, or <c>user@host:port</c>.</param>
    /// <param name="files">Its files.</param>
    /// <param name="commands">Its programs.</param>
    /// <param name="xenStoreTransport">The way to its xenstored.</param>
    /// <param name="openStore">Makes the xenstore client when it is first asked for.</param>
    /// <param name="time">The clock of every wait.</param>
    /// <param name="connection">What to dispose with the host; null when nothing is held.</param>
    internal Dom0(
        string id,
        IDom0Files files,
        IDom0Commands commands,
        IXenStoreTransport xenStoreTransport,
        Func<Dom0, CancellationToken, ValueTask<IXenStoreClient>> openStore,
        TimeProvider time,
        IAsyncDisposable? connection = null)
    {
        Id = id;
        Files = files;
        Commands = commands;
        XenStoreTransport = xenStoreTransport;
        Time = time;
        _openStore = openStore;
        _connection = connection;
    }

    /// <summary>How outputs name the host.</summary>
    public string Id { get; }

    /// <summary>The host's files.</summary>
    public IDom0Files Files { get; }

    /// <summary>The host's programs.</summary>
    internal IDom0Commands Commands { get; }

    /// <summary>The way to the host's xenstored.</summary>
    internal IXenStoreTransport XenStoreTransport { get; }

    /// <summary>The host's lock for whoever changes it; a host that nobody else can reach needs none.</summary>
    internal IDom0Lock Lock { get; init; } = new NoLock();

    /// <summary>The clock of every wait.</summary>
    public TimeProvider Time { get; }

    /// <summary>
    /// Where everything that works on the host tells what it does and what could not be found out. Who wants to hear it listens while he
    /// waits: a cmdlet does for its own operations.
    /// </summary>
    public RelayReporter Reporter { get; } = new();

    /// <summary>True after <see cref="DisposeAsync"/>.</summary>
    public bool IsDisposed => _disposed;

    /// <summary>The host's xenstored, connected on first use and again after the connection was lost.</summary>
    public async ValueTask<IXenStoreClient> GetXenStoreAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Somebody may have disconnected meanwhile, who does not see a connection that is made after him.
            ThrowIfDisposed();
            if (_store is { IsBroken: true } broken)
            {
                _store = null;
                await broken.DisposeAsync().ConfigureAwait(false);
            }

            return _store ??= await _openStore(this, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    private void ThrowIfDisposed()
    {
        if (_disposed)
        {
            throw HostErrors.Closed(Id);
        }
    }

    /// <summary>True the first time only: what has to be told once.</summary>
    internal bool TellsUnlocked() => Interlocked.Exchange(ref _toldUnlocked, 1) == 0;

    /// <summary>
    /// Lets work go on after the operation that began it, when nothing depends on its end: cleaning up. It must end by itself in
    /// bounded time; that it failed is nobody's concern. <see cref="DisposeAsync"/> waits for it.
    /// </summary>
    internal void LetGoOn(Task work)
    {
        lock (_goingOn)
        {
            _tasks.RemoveAll(task => task.IsCompleted);
            _tasks.Add(work);
        }
    }

    /// <summary>Waits for the work that goes on.</summary>
    internal Task SettleAsync()
    {
        lock (_goingOn)
        {
            return Task.WhenAll(_tasks.Select(EndAsync));
        }

        static async Task EndAsync(Task work) => await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await SettleAsync().ConfigureAwait(false);
        if (_store is not null)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }

        _opening.Dispose();
    }
}
