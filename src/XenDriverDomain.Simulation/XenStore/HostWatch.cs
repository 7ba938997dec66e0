using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>A watch of a part of the simulated host: its events become events of the simulated world. The store's lock guards it.</summary>
internal sealed class HostWatch : IDisposable
{
    private readonly StoreState _state;
    private readonly SimulatedTime _time;
    private readonly Action<string> _changed;
    private readonly StoreWatch _watch;
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Sets the watch, and fires it once.</summary>
    /// <param name="state">The store, whose lock is held.</param>
    /// <param name="time">The clock that runs the callback.</param>
    /// <param name="path">What is watched.</param>
    /// <param name="changed">Takes the path that changed.</param>
    public HostWatch(StoreState state, SimulatedTime time, string path, Action<string> changed)
    {
        _state = state;
        _time = time;
        _changed = changed;
        _watch = new StoreWatch(state.Domains.Get(0), path, string.Empty, Fire);
        state.Watches.Add(_watch);
        _watch.Fire(path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_state.Gate)
        {
            _disposed = true;
            _state.Watches.Remove(_watch);
        }
    }

    private void Fire(string path)
    {
        // As on the wire: an event that nobody has taken yet is not told twice.
        if (_pending.Add(path))
        {
            _time.Schedule(TimeSpan.Zero, () => Run(path));
        }
    }

    private void Run(string path)
    {
        lock (_state.Gate)
        {
            _pending.Remove(path);
            if (_disposed)
            {
                return;
            }
        }

        _changed(path);
    }
}
