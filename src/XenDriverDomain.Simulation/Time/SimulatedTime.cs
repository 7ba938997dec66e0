using System.Diagnostics;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Errors;

namespace XenDriverDomain.Simulation.Time;

/// <summary>
/// The clock of a simulated dom0. Timers made through <see cref="TimeProvider"/> are <i>waits</i>, somebody's poll or time-out;
/// <see cref="Schedule"/> makes <i>events</i> of the simulated world. The clock does one thing at a time, and only when nothing is
/// left to do for anybody else: while a port is used, or what its answer set off may be running or queued, it stands. When all is quiet
/// and somebody waits, it jumps to whatever is due first, so that waiting costs no time and nothing depends on how fast anything
/// runs. When nobody waits it goes on with real time: for whoever sleeps by another clock and looks again.
/// </summary>
/// <remarks>
/// Quiet means that no call is in flight (<see cref="Busy"/>) and that the thread pool neither runs nor holds anything that may
/// be of the host's users (<see cref="PoolWatch"/>). A wait longer than a second is a time-out rather than a poll: some time must
/// have passed, too, before it fires out of turn.
/// </remarks>
public sealed class SimulatedTime : TimeProvider, IDisposable
{
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();
    private readonly object _events = new();
    private readonly SortedSet<Alarm> _alarms = new(AlarmOrder.Instance);
    private readonly QuietWatch _quiet;
    private readonly DateTimeOffset _start;
    private Thread? _thread;
    private TimeSpan _elapsed;
    private long? _flowsSince;
    private long _lastSequence;
    private int _arriving;
    private int _waits;
    private int _busy;
    private bool _rests;
    private bool _isReal;
    private bool _disposed;
    private Exception? _failure;

    /// <summary>A clock that shows the real time at first.</summary>
    public SimulatedTime()
        : this(DateTimeOffset.UtcNow)
    {
    }

    /// <summary>A clock that shows a given time at first.</summary>
    /// <param name="start">What it shows.</param>
    public SimulatedTime(DateTimeOffset start)
        : this(start, s_patience)
    {
    }

    /// <summary>A clock that shows a given time at first.</summary>
    /// <param name="start">What it shows.</param>
    /// <param name="patience">For how long somebody holds it who does nothing but look, and never waits.</param>
    internal SimulatedTime(DateTimeOffset start, TimeSpan patience)
    {
        _start = start.ToUniversalTime();
        _quiet = new QuietWatch(_gate, patience);
        Mark();
    }

    /// <summary>What has passed on this clock since it was made, skipped time included.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            Enter();
            TimeSpan now = Now;
            Exit();
            return now;
        }
    }

    /// <summary>
    /// True for a clock that runs with the wall clock: it never jumps, and never stands. False, as at first, for one that skips what is
    /// waited for.
    /// </summary>
    public bool IsReal
    {
        get => Volatile.Read(ref _isReal);
        internal set
        {
            Enter();
            _elapsed = Now;
            _isReal = value;
            _flowsSince = value ? Stopwatch.GetTimestamp() : null;
            Rouse();
            Exit();
        }
    }

    private TimeSpan Now => _flowsSince is { } since ? _elapsed + Stopwatch.GetElapsedTime(since) : _elapsed;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        Mark();
        return Elapsed.Ticks;
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        Mark();
        return _start + Elapsed;
    }

    /// <summary>Makes a wait; its callback runs on the thread pool.</summary>
    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Mark();
        Alarm alarm = new(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>
    /// Makes an event of the simulated world. Events run on the clock's own thread, in the order of their due times and then of
    /// their scheduling, never two at a time: what only events touch needs no lock. An event must not block.
    /// </summary>
    /// <param name="after">How long from now; zero for as soon as the events before it have run.</param>
    /// <param name="what">What happens.</param>
    /// <returns>Disposing it takes the event back when it has not begun.</returns>
    public IDisposable Schedule(TimeSpan after, Action what)
    {
        ArgumentNullException.ThrowIfNull(what);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        Alarm alarm = new(this, what);
        alarm.Change(after, Timeout.InfiniteTimeSpan);
        return alarm;
    }

    /// <summary>
    /// Does something as an event does, but at once and on the calling thread: it waits for the event that runs now, and no other one
    /// begins before its end. It must not block either.
    /// </summary>
    /// <param name="what">What happens.</param>
    /// <returns>What it returns.</returns>
    public T RunAsEvent<T>(Func<T> what)
    {
        ArgumentNullException.ThrowIfNull(what);
        lock (_events)
        {
            return what();
        }
    }

    /// <summary>Holds the clock while a call of a port is in flight; dispose the result at its end.</summary>
    /// <exception cref="XenDriverDomainException">
    /// SimulatedHostFailed: an event of the simulated world threw; the inner exception says what.
    /// </exception>
    public IDisposable Busy()
    {
        Mark();
        Enter();
        try
        {
            if (_failure is { } failure)
            {
                throw new XenDriverDomainException(
                    SimulationErrorIds.SimulatedHostFailed,
                    ErrorKind.InvalidState,
                    "The simulated host is out of order: something that was to happen on it failed, by a fault of the simulation.",
                    "Disconnect from it and connect to a new one. Please report this, with what was done before and the exception's text.",
                    innerException: failure);
            }

            Stand();
            _busy++;
        }
        finally
        {
            Exit();
        }

        return new Scope(this);
    }

    /// <summary>
    /// Tells the clock that something just moved, such as bytes that left for a client. It stands until all is quiet again.
    /// </summary>
    public void Touch()
    {
        Mark();
        Enter();
        Stand();
        Rouse();
        Exit();
    }

    /// <summary>Blocks the calling thread for work that uses the host, with the clock knowing of it.</summary>
    /// <param name="work">The work; it begins on a thread of the pool.</param>
    /// <returns>What the work returns.</returns>
    internal T Block<T>(Func<Task<T>> work)
    {
        // Its turn does not end before the work has begun, and comes back with the work's end, before this thread wakes up.
        Mark();
        IDisposable turn = Hold();
        _quiet.Threads.Wait();
        try
        {
            return Task.Run(async () =>
            {
                turn.Dispose();
                try
                {
                    return await work().ConfigureAwait(false);
                }
                finally
                {
                    turn = Hold();
                }
            }).GetAwaiter().GetResult();
        }
        finally
        {
            _quiet.Threads.GoOn();
            turn.Dispose();
        }
    }

    /// <summary>Stops the clock's thread; what is armed never fires.</summary>
    public void Dispose()
    {
        Enter();
        _disposed = true;
        _alarms.Clear();
        _waits = 0;
        Monitor.PulseAll(_gate);
        Exit();
    }

    /// <summary>Takes back all events that have not begun: what was to happen on a host that boots anew does not happen.</summary>
    internal void DropEvents()
    {
        Enter();
        foreach (Alarm alarm in _alarms.Where(alarm => alarm.IsEvent).ToArray())
        {
            Remove(alarm);
        }

        Exit();
    }

    /// <summary>Arms, rearms or (with a negative due time) disarms.</summary>
    internal bool Set(Alarm alarm, TimeSpan dueTime, TimeSpan period)
    {
        Enter();
        try
        {
            Remove(alarm);
            if (_disposed || alarm.IsDisposed)
            {
                return false;
            }

            if (dueTime >= TimeSpan.Zero)
            {
                alarm.Period = period;
                Add(alarm, Now + dueTime, dueTime);
            }

            return true;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Disarms for good.</summary>
    internal void Retire(Alarm alarm)
    {
        Enter();
        alarm.IsDisposed = true;
        Remove(alarm);
        Exit();
    }

    /// <summary>Takes the clock's lock. Whoever is about to counts as somebody at work, although he may have to wait for it.</summary>
    private void Enter()
    {
        Interlocked.Increment(ref _arriving);
        Monitor.Enter(_gate);
        Interlocked.Decrement(ref _arriving);
    }

    private void Exit() => Monitor.Exit(_gate);

    private void Mark()
    {
        // The clock's own thread is where the simulated world's events run; whoever uses the host is elsewhere.
        if (Thread.CurrentThread != _thread)
        {
            PoolWatch.Instance.Mark(_quiet.Threads);
        }
    }

    private void Stand()
    {
        _elapsed = Now;
        _flowsSince = _isReal ? Stopwatch.GetTimestamp() : null;
        _quiet.Disturb();
    }

    private void Rouse()
    {
        if (_thread is null && !_disposed)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "simulated time" };

            // Whoever happens to start it has no part in what it does.
            _thread.UnsafeStart();
        }
        else if (_rests)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void Add(Alarm alarm, TimeSpan due, TimeSpan length)
    {
        alarm.Arm(due, length, ++_lastSequence);
        _alarms.Add(alarm);
        _waits += alarm.IsEvent ? 0 : 1;
        Rouse();
    }

    private void Remove(Alarm alarm)
    {
        if (_alarms.Remove(alarm))
        {
            _waits -= alarm.IsEvent ? 0 : 1;
        }
    }

    private void Run()
    {
        while (Next() is { } alarm)
        {
            if (alarm.IsEvent)
            {
                RunEvent(alarm);
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(RunWait, alarm, preferLocal: false);
            }
        }
    }

    /// <summary>The next alarm whose time has come, counted as busy; null when the thread is no longer needed.</summary>
    private Alarm? Next()
    {
        while (true)
        {
            bool yield = false;
            lock (_gate)
            {
                if (_disposed)
                {
                    _thread = null;
                    return null;
                }

                Alarm? next = _alarms.Min;
                bool isDue = next?.Due <= Now;
                TimeSpan missing = _isReal
                    ? TimeSpan.Zero
                    : _quiet.Missing(next is { IsTimeOut: true } && !isDue, _busy > 0 || Volatile.Read(ref _arriving) > 0);
                if (missing > TimeSpan.Zero)
                {
                    yield = missing == QuietWatch.Yield;
                    if (!yield)
                    {
                        _rests = missing > QuietWatch.LongBreath;
                        Sleep(missing);
                        _rests = false;
                    }
                }
                else if (next is not null && (isDue || (_waits > 0 && !_isReal)))
                {
                    return Take(next);
                }
                else if (!Rest(next) && _alarms.Count == 0)
                {
                    _thread = null;
                    return null;
                }
            }

            if (yield)
            {
                Thread.Yield();
            }
        }
    }

    private Alarm Take(Alarm next)
    {
        TimeSpan now = Now;
        _elapsed = now > next.Due ? now : next.Due;
        _flowsSince = _isReal ? Stopwatch.GetTimestamp() : null;
        Remove(next);
        if (next.Period > TimeSpan.Zero)
        {
            Add(next, next.Due + next.Period, next.Period);
        }

        _busy++;
        return next;
    }

    /// <summary>Lets the clock go on with real time until something is due, or somebody comes.</summary>
    /// <returns>False when nobody came.</returns>
    private bool Rest(Alarm? next)
    {
        _flowsSince ??= Stopwatch.GetTimestamp();
        _rests = true;
        bool roused = Sleep(next is null ? s_linger : next.Due - Now);
        _rests = false;
        return roused;
    }

    private bool Sleep(TimeSpan time)
    {
        // Rounded up, or the thread would spin through the last fraction of a millisecond.
        double milliseconds = Math.Ceiling(Math.Clamp(time.TotalMilliseconds, 1, s_longestSleep.TotalMilliseconds));
        return Monitor.Wait(_gate, (int)milliseconds);
    }

    private void RunEvent(Alarm alarm)
    {
        Exception? failure = null;
        try
        {
            lock (_events)
            {
                alarm.Fire();
            }
        }
        catch (Exception e)
        {
            // On this thread it would end the process; the next call of a port tells it instead.
            failure = e;
        }

        lock (_gate)
        {
            _failure ??= failure;
            _busy--;
            _quiet.Expect(isOutside: false);
        }
    }

    private void RunWait(Alarm alarm)
    {
        try
        {
            alarm.Fire();
        }
        finally
        {
            Enter();
            _busy--;
            _quiet.Expect(isOutside: true);
            Exit();
        }
    }

    private Scope Hold()
    {
        Enter();
        Stand();
        _busy++;
        Exit();
        return new Scope(this);
    }

    private void LeaveBusy()
    {
        Enter();
        _busy--;
        _quiet.Disturb();
        Rouse();
        Exit();
    }

    private sealed class Scope(SimulatedTime time) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                time.LeaveBusy();
            }
        }
    }
}
