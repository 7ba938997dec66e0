using XenDriverDomain.Backends;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>A PV guest's end of its PCI devices: xen-pcifront (drivers/pci/xen-pcifront.c).</summary>
internal sealed class Pcifront
{
    private readonly Kernel _kernel;
    private readonly Action _devicesChanged;
    private readonly string _frontend;
    private readonly Reaction _reaction;
    private string? _backend;
    private bool _closed;

    public Pcifront(Kernel kernel, Action devicesChanged)
    {
        _kernel = kernel;
        _devicesChanged = devicesChanged;
        _frontend = $"{kernel.Home}/device/pci/0";
        _reaction = kernel.React(Look, _frontend);
    }

    /// <summary>Lets go of the devices, when the guest shuts down.</summary>
    public void Close()
    {
        _closed = true;
        _kernel.Store.SwitchState(_frontend, XenbusState.Closed);
    }

    private void Look()
    {
        DomainStore store = _kernel.Store;
        XenbusState own = store.ReadState(_frontend);
        if (_closed || own == XenbusState.Unknown || store.TryRead($"{_frontend}/backend") is not { } backend)
        {
            return;
        }

        if (_backend != backend)
        {
            _backend = backend;
            _reaction.Watch($"{backend}/state");
        }

        switch (own, store.ReadState(backend))
        {
            case (XenbusState.Initialising, XenbusState.Initialising or XenbusState.InitWait or XenbusState.Initialised):
                store.Write($"{_frontend}/pci-op-ref", 8);
                store.Write($"{_frontend}/event-channel", 8);
                store.Write($"{_frontend}/magic", "7");
                store.SwitchState(_frontend, XenbusState.Initialised);
                break;
            case (XenbusState.Initialised or XenbusState.Reconfiguring, XenbusState.Connected):
                store.SwitchState(_frontend, XenbusState.Connected);
                _devicesChanged();
                break;
            case (XenbusState.Connected, XenbusState.Reconfiguring):
                store.SwitchState(_frontend, XenbusState.Reconfiguring);
                break;
            case (XenbusState.Reconfiguring, XenbusState.Reconfigured):
                store.SwitchState(_frontend, XenbusState.Connected);
                _devicesChanged();
                break;
            case (not XenbusState.Closed, XenbusState.Closing or XenbusState.Closed):
                store.SwitchState(_frontend, XenbusState.Closed);
                _devicesChanged();
                break;
        }
    }
}
