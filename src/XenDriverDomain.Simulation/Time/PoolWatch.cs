namespace XenDriverDomain.Simulation.Time;

/// <summary>
/// What is known of the process's thread pool: whether work is queued, and which of its threads run something of a simulated
/// host's, something else, or nothing. A continuation is seen from the moment at which it is queued until the thread that ran it
/// has come to its end: first it is pending, then its thread is at work.
/// </summary>
/// <remarks>
/// That a thread runs something of a host's is known by its execution context, which flows with everything that the host's users
/// start and await (<see cref="Mark"/>). A thread at work without that mark is a <i>stranger</i>: somebody else's, or one that has
/// taken a work item and not yet begun it. So strangers count as work as well, except for as many as have long been there.
/// There is one instance because there is one pool. Safe for use by several threads.
/// </remarks>
internal sealed class PoolWatch
{
    // Without anybody looking for so long, what was known of strangers is no longer.
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly AsyncLocal<AtWork?> _whose;
    private long _changes;
    private int _known;
    private int _tolerated;
    private long _lastLook;

    private PoolWatch() => _whose = new AsyncLocal<AtWork?>(Switch);

    /// <summary>The one of this process.</summary>
    public static PoolWatch Instance { get; } = new();

    /// <summary>Marks the current execution context, and so all that will be started and awaited in it, as a host's.</summary>
    public void Mark(AtWork host)
    {
        if (_whose.Value != host)
        {
            _whose.Value = host;
        }

        host.Use();
    }

    /// <summary>Looks whether anything of a host's runs or may be about to.</summary>
    /// <param name="host">The host.</param>
    /// <param name="strangers">How many threads of the pool are at work for nobody known, beyond those that are tolerated.</param>
    public Stillness Look(AtWork host, out int strangers)
    {
        strangers = 0;
        long changes = Volatile.Read(ref _changes);
        bool own = host.IsAny(out bool doubtful);
        bool pending = ThreadPool.PendingWorkItemCount > 0;
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        int unknown = Math.Max(0, most - available - Volatile.Read(ref _known));
        pending |= ThreadPool.PendingWorkItemCount > 0;
        if (pending || changes != Volatile.Read(ref _changes))
        {
            return own ? Stillness.OwnWork : Stillness.PoolMoves;
        }

        strangers = unknown - Tolerated(unknown);
        return own ? Stillness.OwnWork : strangers > 0 || doubtful ? Stillness.Doubtful : Stillness.Still;
    }

    /// <summary>Tolerates more strangers, which have been there for long: they are blocked, or busy with something of their own.</summary>
    /// <param name="strangers">How many more than those that are tolerated already.</param>
    public void Tolerate(int strangers)
    {
        lock (_gate)
        {
            _tolerated += strangers;
            _lastLook = Environment.TickCount64;
        }
    }

    private int Tolerated(int unknown)
    {
        lock (_gate)
        {
            long now = Environment.TickCount64;
            _tolerated = now - _lastLook > s_memory.TotalMilliseconds ? 0 : Math.Min(_tolerated, unknown);
            _lastLook = now;
            return _tolerated;
        }
    }

    private void Switch(AsyncLocalValueChangedArgs<AtWork?> change)
    {
        Thread thread = Thread.CurrentThread;
        if (change.PreviousValue == change.CurrentValue)
        {
            return;
        }

        // In this order a thread is at no time missing from all of the counts, nor in two of them.
        Interlocked.Increment(ref _changes);
        change.CurrentValue?.Enter(thread);
        if (thread.IsThreadPoolThread && (change.PreviousValue is null || change.CurrentValue is null))
        {
            Interlocked.Add(ref _known, change.CurrentValue is null ? -1 : 1);
        }

        change.PreviousValue?.Leave(thread);
        Interlocked.Increment(ref _changes);
    }
}
