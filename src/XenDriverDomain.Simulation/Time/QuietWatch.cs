using System.Diagnostics;

namespace XenDriverDomain.Simulation.Time;

/// <summary>
/// Tells whether all that uses a simulated host has come to wait. As a rule a look at the thread pool knows (<see cref="PoolWatch"/>).
/// Where it cannot, because threads are blocked or busy with something else, canaries are sent through the pool as well: when those have
/// come back one after the other for some time, what was queued before them has begun. One goes through each synchronization context, too,
/// by which users of the host go on elsewhere than on the pool. The clock's lock guards it.
/// </summary>
/// <param name="gate">The clock's lock, pulsed when a canary comes back.</param>
/// <param name="patience">For how long work that has no end holds the clock.</param>
internal sealed class QuietWatch(object gate, TimeSpan patience)
{
    /// <summary>The answer to come back at once, only letting others run.</summary>
    public static readonly TimeSpan Yield = TimeSpan.FromTicks(1);

    /// <summary>The longest answer that does not depend on what happens meanwhile.</summary>
    public static readonly TimeSpan LongBreath = TimeSpan.FromMilliseconds(4);

    private const int ManyCanaries = 16;
    private const int FewCanaries = 8;
    private const int Yields = 30;
    private const int ShortBreaths = 10;
    private static readonly TimeSpan s_quietForTimeOut = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_canaryInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_shortBreath = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan s_contextTimeOut = TimeSpan.FromSeconds(30);

    // A canary wakes the clock when it comes back; this only bounds the sleep.
    private static readonly TimeSpan s_canaryTimeOut = TimeSpan.FromSeconds(1);

    private readonly PoolWatch _pool = PoolWatch.Instance;
    private long _generation;
    private long _canaries;
    private long _since = Stopwatch.GetTimestamp();
    private long? _unquietSince;
    private int _unquietLooks;
    private long _lastSent;
    private int _looks;
    private int _returned;
    private int _strangers = int.MaxValue;
    private int _flying;
    private bool _contextsPassed;

    /// <summary>The threads that work for the host.</summary>
    public AtWork Threads { get; } = new();

    /// <summary>Notes that somebody did something.</summary>
    public void Disturb()
    {
        _since = Stopwatch.GetTimestamp();
        _contextsPassed = false;
    }

    /// <summary>Notes that the clock did something: what it set off will most likely come to its end soon.</summary>
    /// <param name="isOutside">
    /// True when it ended a wait of somebody's; what an event does for somebody is told by <see cref="Disturb"/>.
    /// </param>
    public void Expect(bool isOutside)
    {
        _looks = 0;
        Restart();
        _contextsPassed &= !isOutside;
    }

    /// <summary>
    /// How long to wait before asking again; zero when it is quiet enough. Sends the next canary as a side effect, where one is needed.
    /// </summary>
    /// <param name="timeOut">True for the longer quiet that a time-out needs.</param>
    /// <param name="isHeld">True while a call of a port is in flight.</param>
    public TimeSpan Missing(bool timeOut, bool isHeld)
    {
        if (_flying > 0)
        {
            if (Stopwatch.GetElapsedTime(_lastSent) < s_contextTimeOut)
            {
                return s_canaryTimeOut;
            }

            // Whoever runs the context is blocked, maybe in a wait for this very host.
            _flying = 0;
            _canaries++;
            Threads.ForgetContexts();
        }

        int strangers = 0;
        Stillness stillness = isHeld ? Stillness.OwnWork : _pool.Look(Threads, out strangers);
        if (stillness == Stillness.Still)
        {
            if (!_contextsPassed && SendThroughContexts())
            {
                return s_canaryTimeOut;
            }

            _contextsPassed = true;
            _unquietSince = null;
            _unquietLooks = 0;

            // Somebody may be about to act who was never seen here. A time-out leaves him the time, since it ends something.
            TimeSpan left = timeOut ? s_quietForTimeOut - Stopwatch.GetElapsedTime(_since) : TimeSpan.Zero;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        _unquietSince ??= Stopwatch.GetTimestamp();
        _unquietLooks++;
        if (_unquietLooks * LongBreath > patience && Stopwatch.GetElapsedTime(_unquietSince.Value) > patience)
        {
            // Whoever never waits, such as a loop that looks again and again, holds the clock for long, but not for ever. Counted in
            // looks, too: where this thread gets the processor rarely, so does he.
            return AfterCanaries(FewCanaries);
        }

        if (stillness == Stillness.OwnWork)
        {
            Restart();
            _contextsPassed = false;
        }

        if (++_looks <= Yields)
        {
            return Yield;
        }

        return stillness != Stillness.Doubtful
            ? _looks <= Yields + ShortBreaths ? s_shortBreath : LongBreath
            : Outwait(strangers);
    }

    private void Restart()
    {
        _generation++;
        _returned = 0;
        _strangers = int.MaxValue;
    }

    /// <summary>
    /// Proves that those who are blocked, or at work for somebody unknown, have been so for so long that none of them can be one who
    /// has yet to begin; from then on they are tolerated.
    /// </summary>
    private TimeSpan Outwait(int strangers)
    {
        _strangers = Math.Min(_strangers, strangers);
        TimeSpan missing = AfterCanaries(ManyCanaries);
        if (missing == TimeSpan.Zero)
        {
            _pool.Tolerate(_strangers);
            Threads.Believe();
            Restart();
            return Yield;
        }

        return missing;
    }

    private TimeSpan AfterCanaries(int count)
    {
        TimeSpan early = s_canaryInterval - Stopwatch.GetElapsedTime(_lastSent);
        if (early > TimeSpan.Zero || _returned >= count)
        {
            return early > TimeSpan.Zero ? early : TimeSpan.Zero;
        }

        _flying = 1;
        _lastSent = Stopwatch.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(Return, (_canaries, _generation), preferLocal: false);
        return s_canaryTimeOut;
    }

    private bool SendThroughContexts()
    {
        _lastSent = Stopwatch.GetTimestamp();
        foreach (SynchronizationContext context in Threads.Contexts())
        {
            (long, long) canary = (_canaries, _generation);
            try
            {
                context.Post(_ => Return(canary), null);
                _flying++;
            }
            catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException or NotSupportedException)
            {
                // It takes no more, so that nobody goes on there either.
                Threads.ForgetContexts();
            }
        }

        _contextsPassed = _flying > 0;
        return _contextsPassed;
    }

    private void Return((long Batch, long Generation) canary)
    {
        lock (gate)
        {
            if (canary.Batch != _canaries)
            {
                return;
            }

            _flying--;
            if (canary.Generation == _generation)
            {
                _returned++;
            }

            Monitor.PulseAll(gate);
        }
    }
}
