using XenDriverDomain.Backends;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// <c>xl devd</c> in a driver domain (libxl_device.c, libxl_device_events_handler): waits up to 10 s until the kernel has taken a
/// new device and runs its hotplug script; a closed device that is off line is taken down and its records are deleted.
/// A device that it has once begun with it does not begin with again.
/// </summary>
internal sealed class HotplugDaemon
{
    private readonly Kernel _kernel;
    private readonly VifScript _script;
    private readonly string _root;
    private readonly Reaction _reaction;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public HotplugDaemon(Kernel kernel, VifScript script)
    {
        _kernel = kernel;
        _script = script;
        _root = $"{kernel.Home}/backend/vif";
        _reaction = kernel.React(Look, _root);
    }

    /// <summary>Is killed; what it has begun to take down it still does.</summary>
    public void End() => _reaction.Dispose();

    /// <summary>Takes over the devices whose script has run before the simulation began.</summary>
    public void Adopt()
    {
        DomainStore store = _kernel.Store;
        foreach (int guest in store.Numbers(_root))
        {
            foreach (int devid in store.Numbers($"{_root}/{guest}"))
            {
                if (store.TryRead($"{_root}/{guest}/{devid}/hotplug-status") is { Length: > 0 })
                {
                    _known.Add($"{_root}/{guest}/{devid}");
                }
            }
        }
    }

    private void Look()
    {
        DomainStore store = _kernel.Store;
        HashSet<string> there = new(StringComparer.Ordinal);
        foreach (int guest in store.Numbers(_root))
        {
            foreach (int devid in store.Numbers($"{_root}/{guest}"))
            {
                string path = $"{_root}/{guest}/{devid}";
                there.Add(path);
                XenbusState state = store.ReadState(path);
                if (state == XenbusState.Unknown || store.ReadNumber($"{path}/online") is not { } online)
                {
                    continue;
                }

                if (!_known.Contains(path) && state != XenbusState.Closed)
                {
                    _known.Add(path);
                    Add(path, Timings.LibxlDevice);
                }
                else if (_known.Contains(path) && state == XenbusState.Closed && online == 0)
                {
                    _known.Remove(path);
                    _kernel.After(Timings.HotplugScript, () => TakeDown(path));
                }
            }
        }

        _known.IntersectWith(there);
    }

    private void Add(string path, TimeSpan patience)
    {
        if (_kernel.Store.ReadState(path) == XenbusState.InitWait)
        {
            _kernel.After(Timings.HotplugScript, () =>
            {
                if (_kernel.Store.TryRead($"{path}/state") is not null)
                {
                    _script.Online(path);
                }
            });
        }
        else if (patience > TimeSpan.Zero && _known.Contains(path))
        {
            _kernel.After(Timings.HotplugScript, () => Add(path, patience - Timings.HotplugScript));
        }
    }

    private void TakeDown(string path)
    {
        _script.Offline(path);
        if (_kernel.Store.ReadState(path) == XenbusState.Closed)
        {
            _kernel.Store.RemoveWithEmptyParents(path);
        }
    }
}
