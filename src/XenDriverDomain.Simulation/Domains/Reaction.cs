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
    private readonly List<IDisposable> _watches;
    private IDisposable? _due;
    private bool _over;

    public Reaction(World world, TimeSpan latency, Action look, params string[] paths)
    {
        _world = world;
        _latency = latency;
        _look = look;
        _watches = [.. paths.Select(path => world.Store.Watch(path, _ => Wake()))];
    }

    /// <summary>Has it look, too, when another path changes.</summary>
    public void Watch(string path) => _watches.Add(_world.Store.Watch(path, _ => Wake()));

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
        _watches.ForEach(w => w.Dispose());
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
