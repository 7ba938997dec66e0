namespace XenDriverDomain.Simulation.Time;

/// <summary>Something that is going to fire on a <see cref="SimulatedTime"/>: a wait or an event. The clock's lock guards it.</summary>
internal sealed class Alarm : ITimer
{
    private static readonly TimeSpan s_longestPoll = TimeSpan.FromSeconds(1);

    private readonly SimulatedTime _time;
    private readonly Action? _event;
    private readonly TimerCallback? _callback;
    private readonly object? _state;

    /// <summary>A wait.</summary>
    public Alarm(SimulatedTime time, TimerCallback callback, object? state)
    {
        _time = time;
        _callback = callback;
        _state = state;
    }

    /// <summary>An event.</summary>
    public Alarm(SimulatedTime time, Action what)
    {
        _time = time;
        _event = what;
    }

    /// <summary>True for an event, false for a wait.</summary>
    public bool IsEvent => _event is not null;

    /// <summary>True for a wait so long that only somebody who has given up waits for it.</summary>
    public bool IsTimeOut { get; private set; }

    /// <summary>When it fires, on the clock.</summary>
    public TimeSpan Due { get; private set; }

    /// <summary>Orders those that are due at the same time.</summary>
    public long Sequence { get; private set; }

    /// <summary>After how long it fires again; not positive for once.</summary>
    public TimeSpan Period { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>True when it never fires again.</summary>
    public bool IsDisposed { get; set; }

    /// <summary>Sets what the clock sorts by; only while the clock does not hold it.</summary>
    public void Arm(TimeSpan due, TimeSpan length, long sequence)
    {
        Due = due;
        IsTimeOut = !IsEvent && length > s_longestPoll;
        Sequence = sequence;
    }

    /// <summary>Runs what it is for.</summary>
    public void Fire()
    {
        if (_event is not null)
        {
            _event();
        }
        else
        {
            _callback!(_state);
        }
    }

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period) => _time.Set(this, dueTime, period);

    /// <inheritdoc/>
    public void Dispose() => _time.Retire(this);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>By due time, then in the order of arming.</summary>
internal sealed class AlarmOrder : IComparer<Alarm>
{
    public static readonly AlarmOrder Instance = new();

    public int Compare(Alarm? x, Alarm? y)
    {
        int due = x!.Due.CompareTo(y!.Due);
        return due != 0 ? due : x.Sequence.CompareTo(y.Sequence);
    }
}
