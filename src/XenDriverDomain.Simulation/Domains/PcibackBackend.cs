using System.Globalization;
using XenDriverDomain.Backends;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>pciback's end of the guests' PCI devices in dom0's xenstore (drivers/xen/xen-pciback/xenbus.c).</summary>
internal sealed class PcibackBackend
{
    private const string Root = "/local/domain/0/backend/pci";

    private readonly DomainStore _store;
    private readonly Reaction _reaction;
    private readonly Dictionary<string, string> _watched = new(StringComparer.Ordinal);

    public PcibackBackend(Kernel kernel)
    {
        _store = kernel.Store;
        _reaction = kernel.React(Look, Root);
    }

    private void Look()
    {
        HashSet<string> there = new(StringComparer.Ordinal);
        foreach (int guest in _store.Numbers(Root))
        {
            string path = $"{Root}/{guest}/0";
            if (_store.TryRead($"{path}/frontend") is { } frontend)
            {
                there.Add(path);
                if (_watched.TryAdd(path, frontend))
                {
                    _reaction.Watch($"{frontend}/state");
                }

                Follow(path, frontend);
            }
        }

        foreach (string gone in _watched.Keys.Except(there).ToArray())
        {
            _reaction.Unwatch($"{_watched[gone]}/state");
            _watched.Remove(gone);
        }
    }

    private void Follow(string path, string frontend)
    {
        switch (_store.ReadState(path), _store.ReadState(frontend))
        {
            case (XenbusState.Initialising, _):
                Publish(path);
                _store.SwitchState(path, XenbusState.Initialised);
                break;
            case (XenbusState.Initialised, XenbusState.Initialised):
                _store.SwitchState(path, XenbusState.Connected);
                break;
            case (XenbusState.Reconfiguring, XenbusState.Reconfiguring):
                Reconfigure(path);
                _store.SwitchState(path, XenbusState.Reconfigured);
                break;
            case (XenbusState.Reconfigured, XenbusState.Connected):
                _store.SwitchState(path, XenbusState.Connected);
                break;
            case (not (XenbusState.Closed or XenbusState.Unknown), XenbusState.Closed):
                _store.SwitchState(path, XenbusState.Closed);
                break;
        }
    }

    private void Publish(string path)
    {
        int count = _store.ReadNumber($"{path}/num_devs") ?? 0;
        for (int i = 0; i < count; i++)
        {
            Export(path, i);
        }

        if (count > 0 && PciAddress.TryParse(_store.Read($"{path}/dev-0"), out PciAddress first))
        {
            _store.Write($"{path}/root-0", string.Create(CultureInfo.InvariantCulture, $"{first.Domain:x4}:00"));
            _store.Write($"{path}/root_num", "1");
        }
    }

    private void Reconfigure(string path)
    {
        int count = _store.ReadNumber($"{path}/num_devs") ?? 0;
        for (int i = 0; i < count; i++)
        {
            switch (_store.ReadNumber($"{path}/state-{i}"))
            {
                case (int)XenbusState.Initialising:
                    Export(path, i);
                    break;
                case (int)XenbusState.Closing:
                    _store.Write($"{path}/state-{i}", (int)XenbusState.Closed);
                    break;
            }
        }
    }

    private void Export(string path, int index)
    {
        _store.Write($"{path}/vdev-{index}", string.Create(CultureInfo.InvariantCulture, $"0000:00:{index:x2}.00"));
        _store.Write($"{path}/state-{index}", (int)XenbusState.Initialised);
    }
}
