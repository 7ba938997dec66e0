using XenDriverDomain.Domains;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// A guest from its first instruction to its last: boots, becomes what its command line says, and heeds control/shutdown.
/// </summary>
internal sealed class GuestKernel
{
    private const int NetworkClass = 0x02;

    private readonly World _world;
    private readonly SimulatedDomain _domain;
    private readonly KernelWords _words;
    private readonly Kernel _kernel;
    private readonly GuestBridges _bridges = new();
    private readonly InsideReport? _report;
    private Pcifront? _pcifront;
    private PingClient? _client;
    private HotplugDaemon? _devd;
    private bool _started;
    private bool _closing;

    public GuestKernel(World world, SimulatedDomain domain, KernelWords words)
    {
        _world = world;
        _domain = domain;
        _words = words;
        _kernel = new Kernel(world, domain.Domid);
        IsDeaf = !words.HeedsShutdown;
        _report = words.Inside is { } inside ? new InsideReport(_kernel, domain, inside, words) : null;
        ScriptComplaint = words.HasScript ? null : "/etc/xen/scripts/vif-bridge: ip: command not found";
    }

    /// <summary>Its network back end; null when it has none.</summary>
    public Netback? Netback { get; private set; }

    /// <summary>Its bridges, for who works inside.</summary>
    public GuestBridges Bridges => _bridges;

    /// <summary>What its hotplug script complains of, as when its tools are missing; null when it works.</summary>
    public string? ScriptComplaint { get; set; }

    /// <summary>True for a kernel that knows nothing of control/shutdown, or hangs as it shuts down.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Boots, or goes on after a pause.</summary>
    public void Run()
    {
        _kernel.Thaw();
        _world.TellLinksChanged();
        if (!_started)
        {
            _started = true;
            _kernel.After(Timings.KernelBoot, Boot);
        }
    }

    /// <summary>Goes on as one that booted before the simulation began.</summary>
    public void Resume()
    {
        _started = true;
        Listen();
        if (_words.IsDriverDomain)
        {
            _bridges.Add(_words.Bridge);
            LoadNetback();
            Netback?.Adopt();
            foreach (string bridge in Netback?.Bridges ?? [])
            {
                _bridges.Add(bridge);
            }

            StartDevd()?.Adopt();
            SetUplink();
        }
        else if (_words.IsClient)
        {
            Netfront front = new(_kernel);
            front.Adopt();
            _client = new PingClient(_kernel, front);
        }
    }

    /// <summary>Holds still.</summary>
    public void Freeze()
    {
        _kernel.Freeze();
        _world.TellLinksChanged();
    }

    /// <summary>Is no more.</summary>
    public void Stop()
    {
        _kernel.Stop();
        _client?.Stop();
        _world.TellLinksChanged();
    }

    private void Boot()
    {
        if (!_words.HasInit)
        {
            // "VFS: Unable to mount root fs": a PV kernel that panics tells Xen so (arch/x86/xen/enlighten.c, xen_panic_event).
            _world.Hypervisor.ShutDown(_domain, ShutdownReason.Crash);
            return;
        }

        // drivers/xen/manage.c, setup_shutdown_watcher.
        foreach (string feature in IsDeaf ? (string[])[] : ["poweroff", "reboot", "suspend"])
        {
            _kernel.Store.Write($"{_kernel.Home}/control/feature-{feature}", "1");
        }

        Listen();
        _report?.Begin();
        if (_words.IsDriverDomain)
        {
            if (_words.Bridge.Length > 0 || _words.Forward is not null)
            {
                _bridges.Add(_words.Bridge);
            }

            _kernel.After(Timings.BootStep, LoadNetback);
            _kernel.After(Timings.BootStep * 2, () => StartDevd());
        }
        else if (_words.IsClient)
        {
            _kernel.After(Timings.BootStep, () => _client = new PingClient(_kernel, new Netfront(_kernel)));
        }

        if (_report is not null)
        {
            _kernel.After(Timings.BootStep * 2, _report.Run);
        }
    }

    private void Listen()
    {
        _kernel.React(HeedShutdown, $"{_kernel.Home}/control/shutdown");
        if (_words.Inside?.HasLoaded("xen-pcifront") == false)
        {
            return;
        }

        if (_domain.Type == DomainType.PV)
        {
            _pcifront = new Pcifront(_kernel, ProbeCard);
        }
        else
        {
            // An HVM guest finds its devices on the emulated bus.
            _kernel.React(ProbeCard, $"/local/domain/0/backend/pci/{_domain.Domid}/0/num_devs");
        }
    }

    private void LoadNetback()
    {
        if (_words.HasNetback)
        {
            Netback = new Netback(_kernel, _bridges);
        }
    }

    private HotplugDaemon? StartDevd() => _words.HasDevd ? RunDevd() : null;

    /// <summary>Starts xl devd, as somebody does inside who has forgotten it.</summary>
    public HotplugDaemon RunDevd()
    {
        _report?.TellDevd(runs: true);
        return _devd = new HotplugDaemon(_kernel, new VifScript(_kernel, _bridges, () => Netback) { Complaint = () => ScriptComplaint });
    }

    /// <summary>Kills xl devd; an inside of dom0's files starts it again.</summary>
    public void EndDevd()
    {
        _devd?.End();
        if (_report is not null && _devd is not null)
        {
            _report.TellDevd(runs: false);
            _kernel.After(Timings.DevdRestart, () => StartDevd()?.Adopt());
        }
    }

    // Every network card that shows up goes into the bridge.
    private void ProbeCard() => _kernel.After(Timings.CardProbe, () =>
    {
        SetUplink();
        _report?.Tell();
        SetMessages(inUse: _words.IsDriverDomain && !_closing);
    });

    // Through pcifront; what QEMU sets up for an HVM guest dom0's kernel does not see (hw/xen/xen_pt_msi.c).
    private void SetMessages(bool inUse)
    {
        foreach (PciAddress address in _domain.Functions.Where(one => _domain.Type == DomainType.PV && IsDriven(one)))
        {
            _world.Machine.SetMessages(address, inUse);
        }
    }

    /// <summary>A card or its cable has come or gone: packets leave, or do so no longer.</summary>
    public void SetUplink()
    {
        _bridges.SetUplink(
            _words is { IsDriverDomain: true, HasUplink: true }
                && _domain.Functions.Any(one => IsDriven(one) && _world.Machine.HasLink(one)));
        _world.TellLinksChanged();
    }

    private bool IsDriven(PciAddress address) => IsNetworkCard(address) && (_words.Inside is not { } inside
        || (inside.HasLoaded("xen-pcifront") && _world.Machine.DriversOf(address).Any(inside.HasLoaded)));

    private bool IsNetworkCard(PciAddress address) => _world.Machine.Find(address)?.Description.ClassCode >> 16 == NetworkClass;

    private void HeedShutdown()
    {
        if (IsDeaf)
        {
            return;
        }

        string node = $"{_kernel.Home}/control/shutdown";
        ShutdownReason? reason = _kernel.Store.TryRead(node) switch
        {
            "poweroff" or "halt" => ShutdownReason.Poweroff,
            "reboot" => ShutdownReason.Reboot,
            _ => null,
        };
        if (reason is { } why)
        {
            _kernel.Store.Write(node, string.Empty);
            ShutDown(why);
        }
    }

    /// <summary>The power button, and what control/shutdown asks for.</summary>
    public void ShutDown(ShutdownReason reason)
    {
        if (_closing || !_started)
        {
            return;
        }

        _closing = true;
        _kernel.After(Timings.ShutDown / 2, () =>
        {
            // device_shutdown closes the front ends before the domain is halted (xenbus_dev_shutdown).
            SetMessages(inUse: false);
            _pcifront?.Close();
            _client?.Stop();
        });
        _kernel.After(Timings.ShutDown, () => _world.Hypervisor.ShutDown(_domain, reason));
    }
}
