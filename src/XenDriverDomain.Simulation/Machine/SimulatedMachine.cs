using XenDriverDomain.Access;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Machine;

/// <summary>
/// The hardware of a simulated host with dom0's kernel on it: PCI functions, drivers, pciback, and the files in which they show
/// themselves; and what Xen keeps of functions, which domain has which. Safe for use by several threads.
/// </summary>
internal sealed class SimulatedMachine
{
    private readonly PciBus _bus;
    private readonly KernelModules _modules;
    private readonly NetworkTables _network;
    private readonly KernelLog _log;

    /// <summary>Boots a host.</summary>
    /// <param name="host">What it is made of.</param>
    /// <param name="time">The clock.</param>
    /// <param name="faults">Decides which writes fail.</param>
    /// <param name="loadPciback">False for a dom0 that has not loaded xen-pciback.</param>
    public SimulatedMachine(HostDescription host, SimulatedTime time, IFaults faults, bool loadPciback = true)
    {
        ArgumentNullException.ThrowIfNull(host);
        Host = host;
        Files = new SimulatedFiles(time, faults);
        HasIommu = host.HasIommu;
        _log = new KernelLog(time) { OnPanic = Crash };
        _network = new NetworkTables(host.Addresses, host.Routes);
        ChildDevices children = new(Files, _network);
        _bus = new PciBus(Files, children, function => Files.Lock.Later(() => DriverChanged?.Invoke(function)));
        SystemFiles.Create(Files, host, _network);
        foreach (DriverDescription driver in host.Drivers.Where(driver => driver.IsLoaded))
        {
            _bus.Register(new PciDriver(driver));
        }

        foreach (ChildDevice device in host.OtherDevices)
        {
            children.Add(ChildDevices.Root, device, isConfigured: true);
        }

        foreach (FunctionDescription description in host.Functions)
        {
            SimulatedFunction function = _bus.Add(description);
            if ((description.AtStart is { } state ? state.Driver : description.Driver) is { } driver)
            {
                _bus.AttachAtBoot(function, driver);
            }

            _bus.SetVirtualFunctions(function, description.VirtualFunctions?.AtBoot ?? 0);
        }

        _modules = new KernelModules(host, Files, _bus, _log);
        if (loadPciback && host.LoadsPciback)
        {
            _modules.LoadPcibackAtBoot();
        }

        Settle(host);
    }

    /// <summary>Told, outside of all locks, when a function got or lost a driver.</summary>
    public event Action<SimulatedFunction>? DriverChanged;

    /// <summary>Told, outside of all locks, when dom0's kernel has crashed.</summary>
    public event Action? Crashed;

    /// <summary>True after dom0's kernel has crashed: its files and its programs are there no more, <see cref="KernelLog"/> is.</summary>
    public bool HasCrashed => Files.IsDead;

    /// <summary>What the machine was made of.</summary>
    public HostDescription Host { get; }

    /// <summary>dom0's files.</summary>
    public SimulatedFiles Files { get; }

    /// <summary>True when Xen uses an IOMMU.</summary>
    public bool HasIommu { get; }

    /// <summary>True while pciback is there.</summary>
    public bool IsPcibackLoaded => Files.Lock.Run(() => _modules.Pciback is not null);

    /// <summary>All functions by address, as they are now.</summary>
    public IReadOnlyList<SimulatedFunction> Functions => Files.Lock.Run<IReadOnlyList<SimulatedFunction>>(() => [.. _bus.Functions]);

    /// <summary>What dom0's kernel has said, oldest first.</summary>
    public IReadOnlyList<string> KernelLog => Files.Lock.Run(() => _log.Lines);

    /// <summary>What <c>ip -o addr show</c> prints.</summary>
    internal string Addresses => Files.Lock.Run(_network.Addresses);

    /// <summary>The modules of the kernel, for use under the machine's lock.</summary>
    internal KernelModules Modules => _modules;

    /// <summary>One function; null when the machine has none there.</summary>
    public SimulatedFunction? Find(PciAddress address) => Files.Lock.Run(() => _bus.Find(address));

    /// <summary>Has Xen put a function into quarantine (xc_assign_device to dom_io).</summary>
    /// <returns>Null, or why not: EOPNOTSUPP without an IOMMU, ENODEV for no function, EBUSY while a domain has it.</returns>
    public Errno? Quarantine(PciAddress address) => Hypercall(address, function =>
    {
        if (function.Domid is not null)
        {
            return Errno.EBUSY;
        }

        function.IsQuarantined = true;
        return null;
    });

    /// <summary>Has Xen take a function out of quarantine, back to dom0 (xc_deassign_device from dom_io).</summary>
    /// <returns>Null, or why not: EOPNOTSUPP without an IOMMU, ENODEV for a function that is not there or not in quarantine.</returns>
    public Errno? LeaveQuarantine(PciAddress address) => Hypercall(address, function =>
    {
        if (function.Domid is not null || !function.IsQuarantined)
        {
            return Errno.ENODEV;
        }

        function.IsQuarantined = false;
        return null;
    });

    /// <summary>Has Xen give a function to a domain (xc_assign_device).</summary>
    /// <returns>Null, or why not: EOPNOTSUPP without an IOMMU, ENODEV for no function, EBUSY while another domain has it.</returns>
    public Errno? AssignTo(PciAddress address, int domid) => Hypercall(address, function =>
    {
        if (function.Domid is { } other && other != domid)
        {
            return Errno.EBUSY;
        }

        function.Domid = domid;
        return null;
    });

    /// <summary>Has Xen take a function from the domain that has it; it ends in quarantine, as Xen does by default since 4.13.</summary>
    /// <returns>Null, or why not: EOPNOTSUPP without an IOMMU, ENODEV for a function that no domain has.</returns>
    public Errno? Release(PciAddress address) => Hypercall(address, function =>
    {
        if (function.Domid is null)
        {
            return Errno.ENODEV;
        }

        function.Domid = null;
        function.IsQuarantined = true;
        _modules.Pciback?.ForgetGuest(function);
        _bus.SetMessages(function, inUse: false);
        return null;
    });

    /// <summary>Has pciback set message-signalled interrupts up for a PV guest, or give them back.</summary>
    public void SetMessages(PciAddress address, bool inUse) => Files.Lock.Run(() =>
    {
        if (_bus.Find(address) is { } function)
        {
            _bus.SetMessages(function, inUse);
        }
    });

    /// <summary>
    /// Has a function fail when pciback enables it, late in its probe: a card that does not come out of D3cold. That bind ends in EIO.
    /// </summary>
    /// <param name="address">The function.</param>
    /// <param name="fails">False mends it.</param>
    public void FailEnabling(PciAddress address, bool fails = true) => Files.Lock.Run(() =>
    {
        if (_bus.Find(address) is { } function)
        {
            function.CannotBeEnabled = fails;
        }
    });

    /// <summary>The kernel says something.</summary>
    public void Log(string text) => Files.Lock.Run(() => _log.Say(text));

    private void Crash()
    {
        Files.Die();
        Files.Lock.Later(() => Crashed?.Invoke());
    }

    private void Settle(HostDescription host)
    {
        if (host.Pciback is { } told)
        {
            _modules.Pciback?.List(told);
        }

        foreach (SimulatedFunction function in _bus.Functions.ToArray())
        {
            if (function.Description.AtStart is { } state)
            {
                _bus.Settle(function, state);
            }
        }

        if (host.Pciback is { } marked)
        {
            _modules.Pciback?.Mark(marked);
            foreach ((PciAddress address, long inode) in marked.Inodes)
            {
                Files.Renumber($"/sys/bus/pci/drivers/pciback/{address}", inode);
            }
        }
    }

    private Errno? Hypercall(PciAddress address, Func<SimulatedFunction, Errno?> what) => Files.Lock.Run(() =>
        !HasIommu ? Errno.EOPNOTSUPP : _bus.Find(address) is not { } function ? Errno.ENODEV : what(function));
}
