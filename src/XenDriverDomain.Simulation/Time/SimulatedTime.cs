using System.Diagnostics;

namespace XenDriverDomain.Simulation.Time;

/// <summary>
/// The clock of a simulated dom0: real time, and what was skipped of it. Timers made through <see cref="TimeProvider"/> are
/// <i>waits</i>, somebody's poll or time-out; <see cref="Schedule"/> makes <i>events</i> of the simulated world. As long as
/// nobody waits the clock runs with real time. When somebody waits and everything is quiet, it jumps to whatever is due first, so
/// that waiting costs no time.
/// </summary>
/// <remarks>
/// Quiet means that no call is in flight (<see cref="Busy"/>), that some time has passed since the last one, and that work items
/// have gone through the thread pool since then, one after the other, so that no continuation is still on its way. A wait longer
/// than a second is a time-out rather than a poll: it takes a longer quiet to fire it, so that a starved thread pool does not look
/// like a peer that does not answer.
/// </remarks>
public sealed class SimulatedTime : TimeProvider, IDisposable
{
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromHours(1);

    private readonly object _gate = new();
    private readonly object _events = new();
    private readonly SortedSet<Alarm> _alarms = new(AlarmOrder.Instance);
    private readonly QuietWatch _quiet;
    private readonly DateTimeOffset _start;
    private readonly long _startTimestamp = Stopwatch.GetTimestamp();
    private long _skippedTicks;
    private long _lastSequence;
    private int _waits;
    private int _busy;
    private bool _running;
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
    {
        _start = start.ToUniversalTime();
        _quiet = new QuietWatch(_gate);
    }

    /// <summary>What has passed on this clock since it was made, skipped time included.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startTimestamp) + TimeSpan.FromTicks(Interlocked.Read(ref _skippedTicks));

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <summary>Makes a wait; its callback runs on the thread pool.</summary>
    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
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

    /// <summary>Holds the clock to real time while a call of a port is in flight; dispose the result at its end.</summary>
    /// <exception cref="InvalidOperationException">An event of the simulated world threw; the inner exception says what.</exception>
    public IDisposable Busy()
    {
        lock (_gate)
        {
            if (_failure is { } failure)
            {
                throw new InvalidOperationException("An event of the simulated world failed.", failure);
            }

            EnterBusy();
        }

        return new BusyScope(this);
    }

    /// <summary>Tells the clock that something just moved, such as bytes that left for a client.</summary>
    public void Touch()
    {
        lock (_gate)
        {
            _quiet.Disturb();
        }
    }

    /// <summary>Stops the clock's thread; what is armed never fires.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _alarms.Clear();
            _waits = 0;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Arms, rearms or (with a negative due time) disarms.</summary>
    internal bool Set(Alarm alarm, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            Remove(alarm);
            if (_disposed || alarm.IsDisposed)
            {
                return false;
            }

            if (dueTime >= TimeSpan.Zero)
            {
                alarm.Period = period;
                Add(alarm, Elapsed + dueTime, dueTime);
            }

            return true;
        }
    }

    /// <summary>Disarms for good.</summary>
    internal void Retire(Alarm alarm)
    {
        lock (_gate)
        {
            alarm.IsDisposed = true;
            Remove(alarm);
        }
    }

    private void Add(Alarm alarm, TimeSpan due, TimeSpan length)
    {
        alarm.Arm(due, length, ++_lastSequence);
        _alarms.Add(alarm);
        _waits += alarm.IsEvent ? 0 : 1;
        _quiet.Stir();
        if (!_running)
        {
            _running = true;
            new Thread(Run) { IsBackground = true, Name = "simulated time" }.Start();
        }

        Monitor.PulseAll(_gate);
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

    /// <summary>The next alarm that is due, counted as busy; null when the thread is no longer needed.</summary>
    private Alarm? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                Alarm? next = _alarms.Min;
                if (next is not null && next.Due <= Elapsed)
                {
                    Remove(next);
                    if (next.Period > TimeSpan.Zero)
                    {
                        Add(next, next.Due + next.Period, next.Period);
                    }

                    _busy++;
                    return next;
                }

                if (_disposed || (next is null && !Monitor.Wait(_gate, s_linger) && _alarms.Count == 0))
                {
                    _running = false;
                    return null;
                }

                if (next is not null)
                {
                    WaitFor(next);
                }
            }
        }
    }

    private void WaitFor(Alarm next)
    {
        TimeSpan left = next.Due - Elapsed;
        if (_waits == 0 || _busy > 0)
        {
            Sleep(left);
            return;
        }

        TimeSpan missing = _quiet.Missing(next.IsTimeOut);
        if (missing == TimeSpan.Zero)
        {
            Interlocked.Add(ref _skippedTicks, Math.Max(0, left.Ticks));
            return;
        }

        Sleep(missing < left ? missing : left);
    }

    private void Sleep(TimeSpan time)
    {
        // Rounded up, or the thread would spin through the last fraction of a millisecond.
        double milliseconds = Math.Ceiling(Math.Clamp(time.TotalMilliseconds, 1, s_longestSleep.TotalMilliseconds));
        Monitor.Wait(_gate, (int)milliseconds);
    }

    private void RunEvent(Alarm alarm)
    {
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
            lock (_gate)
            {
                _failure ??= e;
            }
        }

        lock (_gate)
        {
            _busy--;
            _quiet.Stir();
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
            LeaveBusy();
        }
    }

    private void EnterBusy()
    {
        _busy++;
        _quiet.Disturb();
    }

    private void LeaveBusy()
    {
        lock (_gate)
        {
            _busy--;
            _quiet.Disturb();
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class BusyScope(SimulatedTime time) : IDisposable
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
