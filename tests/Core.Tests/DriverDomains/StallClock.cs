namespace XenDriverDomain.Tests.DriverDomains;

/// <summary>
/// A clock whose time passes only when nothing else happens: as soon as what is tested has stopped asking the host for anything,
/// the next timer fires. So a time-out of minutes costs a moment, and none comes too early.
/// </summary>
internal sealed class StallClock : TimeProvider, IDisposable
{
    private const int QuietLooks = 5;
    private readonly Lock _lock = new();
    private readonly List<Alarm> _armed = [];
    private readonly Timer _looking;
    private readonly Func<int> _activity;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private int _seen;
    private int _quiet;

    public StallClock(Func<int> activity)
    {
        _activity = activity;
        _looking = new Timer(_ => Look(), null, 40, 40);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Alarm alarm = new(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    public void Dispose() => _looking.Dispose();

    private void Look()
    {
        Alarm? next = null;
        lock (_lock)
        {
            int now = _activity();
            _quiet = now == _seen ? _quiet + 1 : 0;
            _seen = now;
            if (_quiet >= QuietLooks && _armed.MinBy(a => a.Due) is { } first)
            {
                next = first;
                _armed.Remove(first);
                _now = first.Due > _now ? first.Due : _now;
                _quiet = 0;
            }
        }

        next?.Fire();
    }

    private sealed class Alarm(StallClock clock, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._armed.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = clock._now + dueTime;
                    clock._armed.Add(this);
                    clock._quiet = 0;
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
