namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// Somebody who looks again a moment after something has changed in xenstore: what a kernel's xenbus thread does with a watch.
/// Changes that come while a look is due are seen by that look.
/// </summary>
internal sealed class Reaction : IDisposable
{
    private readonly World _world;
    private readonly TimeSpan _latency;
    private readonly Action _look;
    private readonly Dictionary<string, IDisposable> _watches = new(StringComparer.Ordinal);
    private IDisposable? _due;
    private bool _over;

    public Reaction(World world, TimeSpan latency, Action look, params string[] paths)
    {
        _world = world;
        _latency = latency;
        _look = look;
        foreach (string path in paths)
        {
            Watch(path);
        }
    }

    /// <summary>Has it look, too, when another path changes.</summary>
    public void Watch(string path)
    {
        if (!_watches.ContainsKey(path))
        {
            _watches[path] = _world.Store.Watch(path, _ => Wake());
        }
    }

    /// <summary>Has it take no more notice of a path.</summary>
    public void Unwatch(string path)
    {
        if (_watches.Remove(path, out IDisposable? watch))
        {
            watch.Dispose();
        }
    }

    /// <summary>Has it look.</summary>
    public void Wake()
    {
        if (!_over)
        {
            _due ??= _world.Time.Schedule(_latency, Look);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over = true;
        _due?.Dispose();
        foreach (IDisposable watch in _watches.Values)
        {
            watch.Dispose();
        }

        _watches.Clear();
    }

    private void Look()
    {
        _due = null;
        if (!_over)
        {
            _look();
        }
    }
}
