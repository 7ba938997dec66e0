using XenDriverDomain.Backends;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// xen-netback in a domain: takes the back ends below <c>backend/vif</c> through their states (drivers/net/xen-netback/xenbus.c).
/// A device is taken when it is new (state 1) and is then led by its front end's state; Connected is held back until the hotplug
/// script has said that the interface is connected.
/// </summary>
internal sealed class Netback
{
    private static readonly (string Key, string Value)[] s_features =
    [
        ("feature-sg", "1"), ("feature-gso-tcpv4", "1"), ("feature-gso-tcpv6", "1"), ("feature-ipv6-csum-offload", "1"),
        ("feature-rx-copy", "1"), ("feature-xdp-headroom", "1"), ("feature-rx-flip", "0"), ("feature-multicast-control", "1"),
        ("feature-dynamic-multicast-control", "1"), ("feature-split-event-channels", "1"), ("multi-queue-max-queues", "1"),
        ("feature-ctrl-ring", "1"),
    ];

    private readonly Kernel _kernel;
    private readonly IBridges _bridges;
    private readonly Dictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly Reaction _reaction;
    private readonly string _root;

    public Netback(Kernel kernel, IBridges bridges)
    {
        _kernel = kernel;
        _bridges = bridges;
        _root = $"{kernel.Home}/backend/vif";
        _reaction = kernel.React(Look, _root);
    }

    /// <summary>Takes over the devices that were there before the simulation began, as they are.</summary>
    public void Adopt()
    {
        DomainStore store = _kernel.Store;
        foreach (int guest in store.Numbers(_root))
        {
            foreach (int devid in store.Numbers($"{_root}/{guest}"))
            {
                string path = $"{_root}/{guest}/{devid}";
                XenbusState state = store.ReadState(path);
                if (state is XenbusState.Unknown or XenbusState.Initialising or XenbusState.Closed
                    || store.TryRead($"{path}/frontend") is not { } frontend)
                {
                    continue;
                }

                _devices[path] = new Device(frontend)
                {
                    State = state,
                    Bridge = store.TryRead($"{path}/hotplug-status") == "connected" ? store.TryRead($"{path}/bridge") : null,
                };
                _reaction.Watch($"{frontend}/state");
            }
        }

        _kernel.World.TellLinksChanged();
    }

    /// <summary>The bridges that its devices are in.</summary>
    public IEnumerable<string> Bridges => _devices.Values.Select(device => device.Bridge).OfType<string>().Distinct();

    /// <summary>True when packets of a device reach the network behind the card in its bridge.</summary>
    public bool IsCarrying(string path) => _kernel.IsRunning
        && _devices.TryGetValue(path, out Device? device) && device.State == XenbusState.Connected
        && device.Bridge is { } bridge && _bridges.HasUplink(bridge);

    /// <summary>Puts a device's interface into a bridge, as the hotplug script does; null takes it out.</summary>
    public void Join(string path, string? bridge)
    {
        if (_devices.TryGetValue(path, out Device? device))
        {
            device.Bridge = bridge;
            _kernel.World.TellLinksChanged();
        }
    }

    private void Look()
    {
        HashSet<string> there = new(StringComparer.Ordinal);
        foreach (int guest in _kernel.Store.Numbers(_root))
        {
            foreach (int devid in _kernel.Store.Numbers($"{_root}/{guest}"))
            {
                string path = $"{_root}/{guest}/{devid}";
                there.Add(path);
                if (_devices.TryGetValue(path, out Device? device))
                {
                    Follow(path, device);
                }
                else
                {
                    Probe(path, guest, devid);
                }
            }
        }

        _refused.IntersectWith(there);
        foreach (string gone in _devices.Keys.Except(there).ToArray())
        {
            Drop(gone, _devices[gone]);
        }
    }

    private void Probe(string path, int guest, int devid)
    {
        DomainStore store = _kernel.Store;
        if (store.ReadState(path) != XenbusState.Initialising || store.TryRead($"{path}/frontend") is not { } frontend)
        {
            return;
        }

        if (store.TryRead($"{path}/handle") is null)
        {
            // -ENOENT; the driver core does not probe a device twice.
            if (_refused.Add(path))
            {
                store.Write($"{_kernel.Home}/error/backend/vif/{guest}/{devid}/error", "2 reading handle");
            }

            return;
        }

        _devices[path] = new Device(frontend);
        foreach ((string key, string value) in s_features)
        {
            store.Write($"{path}/{key}", value);
        }

        store.SwitchState(path, XenbusState.InitWait);
        _reaction.Watch($"{frontend}/state");
        _reaction.Wake();
    }

    private void Follow(string path, Device device)
    {
        DomainStore store = _kernel.Store;
        switch (store.ReadState(device.Frontend))
        {
            case XenbusState.Initialising when device.State is XenbusState.Closed:
                Switch(path, device, XenbusState.InitWait);
                break;
            case XenbusState.Connected when device.State is XenbusState.InitWait
                && store.TryRead($"{path}/hotplug-status") is null or "connected":
                Switch(path, device, XenbusState.Connected);
                break;
            case XenbusState.Closing when device.State is not XenbusState.Closing:
                Switch(path, device, XenbusState.Closing);
                break;
            case XenbusState.Closed:
                Close(path, device, unregister: store.TryRead($"{path}/online") != "1");
                break;
            case XenbusState.Unknown:
                Close(path, device, unregister: true);
                break;
        }
    }

    private void Close(string path, Device device, bool unregister)
    {
        if (device.State != XenbusState.Closed)
        {
            Switch(path, device, XenbusState.Closed);
        }

        if (unregister)
        {
            // The node stays, in state 6, until somebody deletes it: no new device while it does.
            Drop(path, device);
        }
    }

    private void Drop(string path, Device device)
    {
        _devices.Remove(path);
        _reaction.Unwatch($"{device.Frontend}/state");
        _kernel.World.TellLinksChanged();
    }

    private void Switch(string path, Device device, XenbusState state)
    {
        device.State = state;
        _kernel.Store.SwitchState(path, state);
        _kernel.World.TellLinksChanged();
    }

    private sealed class Device(string frontend)
    {
        public string Frontend { get; } = frontend;

        public XenbusState State { get; set; } = XenbusState.InitWait;

        public string? Bridge { get; set; }
    }
}
