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
    /// <param name="disk">The files that a boot before this one has left; null for none.</param>
    public SimulatedMachine(
        HostDescription host, SimulatedTime time, IFaults faults, bool loadPciback = true, SimulatedFiles? disk = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        Host = host;
        Files = disk ?? new SimulatedFiles(time, faults);
        HasIommu = host.HasIommu;
        _log = new KernelLog(time) { OnPanic = Crash };
        _network = new NetworkTables(host.Addresses, host.Routes);
        ChildDevices children = new(Files, _network);
        _bus = new PciBus(Files, children, function => Files.Lock.Later(() => DriverChanged?.Invoke(function)));
        SystemFiles.Create(Files, host, _network, isFirstBoot: disk is null);
        bool hasPciback = loadPciback && host.LoadsPciback;
        EarlyPciback early = hasPciback ? EarlyPciback.Of(host, Files) : EarlyPciback.None;
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
            if (early.Takes(description))
            {
                continue;
            }

            if ((description.AtStart is { } state ? state.Driver : description.Driver) is { } driver)
            {
                _bus.AttachAtBoot(function, driver);
            }

            _bus.SetVirtualFunctions(function, description.VirtualFunctions?.AtBoot ?? 0);
        }

        _modules = new KernelModules(host, Files, _bus, _log);
        if (hasPciback)
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
    /// <param name="address">The function.</param>
    /// <param name="domid">The domain.</param>
    /// <param name="isRelaxed">True when memory that is reserved for it may be another device's, too (XEN_DOMCTL_DEV_RDM_RELAXED).</param>
    /// <returns>
    /// Null, or why not: EOPNOTSUPP without an IOMMU, ENODEV for no function, EBUSY while another domain has it, EPERM where it shares
    /// reserved memory.
    /// </returns>
    public Errno? AssignTo(PciAddress address, int domid, bool isRelaxed = false) => Hypercall(address, function =>
    {
        if (function.Domid is { } other && other != domid)
        {
            return Errno.EBUSY;
        }

        // intel_iommu_assign_device (xen/drivers/passthrough/vtd/iommu.c).
        if (function.Description.SharesReservedMemory && !isRelaxed)
        {
            return Errno.EPERM;
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

    /// <summary>The modules that know a function, by name, be they loaded in dom0 or not.</summary>
    public IEnumerable<string> DriversOf(PciAddress address) => Find(address) is not { } function ? []
        : Host.Drivers.Where(driver => driver.Module is not null && new PciDriver(driver).Knows(function)).Select(driver => driver.Module!);

    /// <summary>True while packets can leave by a network card: its cable is in, or that of the function it belongs to.</summary>
    public bool HasLink(PciAddress address) => Files.Lock.Run(() => IsLinked(_bus.Find(address)));

    /// <summary>True while packets can leave by an interface; one that no card has is taken to lead somewhere.</summary>
    public bool HasLink(string interfaceName) => Files.Lock.Run(() => !_bus.Functions.Any(function => !IsLinked(function)
        && function.Description.Children.Any(child => child.Path == $"net/{interfaceName}")));

    /// <summary>Puts a cable in, or takes it out. The caller has made sure that there is a network card.</summary>
    public void SetLink(PciAddress address, bool isIn) => Files.Lock.Run(() =>
    {
        if (_bus.Find(address) is { } function)
        {
            _bus.SetLink(function, isIn);
        }
    });

    /// <summary>Takes a card out of the machine, with all that is behind it; no rescan finds it.</summary>
    /// <returns>What has gone.</returns>
    public IReadOnlyList<SimulatedFunction> PullOut(PciAddress address) => Files.Lock.Run(() =>
        _bus.Find(address) is { } function ? _bus.PullOut(function) : []);

    /// <summary>Puts cards into the machine, which finds them as it does at a hot plug.</summary>
    public void PutIn(IReadOnlyList<FunctionDescription> functions) => Files.Lock.Run(() => _bus.PutIn(functions));

    /// <summary>The kernel says something.</summary>
    public void Log(string text) => Files.Lock.Run(() => _log.Say(text));

    private bool IsLinked(SimulatedFunction? function) => function is not null && function.HasLink
        && (function.Description.PhysicalFunction is not { } physical || _bus.Find(physical) is { HasLink: true });

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
