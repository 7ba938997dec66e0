using System.Globalization;
using XenDriverDomain.Backends;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// xen-netfront in a guest: connects as soon as the back end waits for it, whether a hotplug script has run or not, and closes
/// when the back end closes (drivers/net/xen-netfront.c, netback_changed). A back end that vanishes leaves it connected.
/// </summary>
internal sealed class Netfront
{
    private readonly Kernel _kernel;
    private readonly Dictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly Reaction _reaction;
    private readonly string _root;
    private int _nextRing = 256;
    private int _nextPort = 8;

    public Netfront(Kernel kernel)
    {
        _kernel = kernel;
        _root = $"{kernel.Home}/device/vif";
        _reaction = kernel.React(Look, _root);
    }

    /// <summary>Takes over the interfaces that were there before the simulation began, as they are.</summary>
    public void Adopt()
    {
        foreach (int devid in _kernel.Store.Numbers(_root))
        {
            string path = $"{_root}/{devid.ToString(CultureInfo.InvariantCulture)}";
            XenbusState state = _kernel.Store.ReadState(path);
            if (state is not (XenbusState.Unknown or XenbusState.Initialising) && _kernel.Store.TryRead($"{path}/backend") is { } backend)
            {
                _devices[path] = new Device(backend) { State = state };
                _reaction.Watch($"{backend}/state");
            }
        }
    }

    /// <summary>The back ends of the interfaces that are up.</summary>
    public IEnumerable<string> ConnectedBackends =>
        _devices.Values.Where(d => d.State == XenbusState.Connected).Select(d => d.Backend);

    private void Look()
    {
        HashSet<string> there = new(StringComparer.Ordinal);
        foreach (int devid in _kernel.Store.Numbers(_root))
        {
            string path = $"{_root}/{devid.ToString(CultureInfo.InvariantCulture)}";
            XenbusState own = _kernel.Store.ReadState(path);
            string? backend = _kernel.Store.TryRead($"{path}/backend");
            if (own == XenbusState.Unknown || backend is null)
            {
                continue;
            }

            there.Add(path);
            if (!_devices.TryGetValue(path, out Device? device) || device.Backend != backend)
            {
                if (own != XenbusState.Initialising)
                {
                    continue;
                }

                Drop(path);
                _devices[path] = device = new Device(backend);
                _reaction.Watch($"{backend}/state");
            }

            Follow(path, device);
        }

        foreach (string gone in _devices.Keys.Except(there).ToArray())
        {
            Drop(gone);
        }
    }

    private void Drop(string path)
    {
        if (_devices.Remove(path, out Device? device))
        {
            _reaction.Unwatch($"{device.Backend}/state");
            _kernel.World.TellLinksChanged();
        }
    }

    private void Follow(string path, Device device)
    {
        switch (_kernel.Store.ReadState(device.Backend))
        {
            case XenbusState.InitWait when device.State == XenbusState.Initialising:
                Connect(path);
                Switch(path, device, XenbusState.Connected);
                break;
            case XenbusState.Closing or XenbusState.Closed when device.State != XenbusState.Closed:
                Switch(path, device, XenbusState.Closed);
                break;
        }
    }

    private void Connect(string path)
    {
        int ring = _nextRing += 8;
        int port = _nextPort += 2;
        foreach ((string key, int value) in ((string, int)[])
        [
            ("multi-queue-num-queues", 1), ("tx-ring-ref", ring), ("rx-ring-ref", ring + 1), ("event-channel-tx", port),
            ("event-channel-rx", port + 1), ("request-rx-copy", 1), ("feature-rx-notify", 1), ("feature-sg", 1),
            ("feature-gso-tcpv4", 1), ("feature-gso-tcpv6", 1), ("feature-ipv6-csum-offload", 1), ("xdp-headroom", 0),
        ])
        {
            _kernel.Store.Write($"{path}/{key}", value);
        }
    }

    private void Switch(string path, Device device, XenbusState state)
    {
        device.State = state;
        _kernel.Store.SwitchState(path, state);
        _kernel.World.TellLinksChanged();
    }

    private sealed class Device(string backend)
    {
        public string Backend { get; } = backend;

        public XenbusState State { get; set; } = XenbusState.Initialising;
    }
}
