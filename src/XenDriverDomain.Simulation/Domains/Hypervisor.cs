using XenDriverDomain.Access;
using XenDriverDomain.Domains;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// What only the hypervisor knows: which domains there are and what they do, and who owns which PCI function. Belongs to the
/// events of the simulated world, so it needs no lock.
/// </summary>
internal sealed class Hypervisor
{
    /// <summary>The owner of functions in quarantine (DOMID_IO, xen/include/public/xen.h).</summary>
    public const int Quarantine = 0x7ff1;

    private readonly World _world;
    private readonly SortedDictionary<int, SimulatedDomain> _domains = [];
    private int _lastDomid;

    public Hypervisor(World world)
    {
        _world = world;
        Dom0 = new SimulatedDomain(
            0, Guid.Empty, DomainType.PV, world.Machine.Host.Dom0MemoryMB * 1024L, world.Machine.Host.Dom0CpuCount, TimeSpan.Zero);
        Dom0.Unpause();
        _domains[0] = Dom0;
    }

    /// <summary>Raised when a domain has stopped by itself.</summary>
    public event Action<SimulatedDomain>? HasShutDown;

    /// <summary>Raised when a domain is no more.</summary>
    public event Action<SimulatedDomain>? HasGone;

    /// <summary>The control domain.</summary>
    public SimulatedDomain Dom0 { get; }

    /// <summary>All domains, by number.</summary>
    public IReadOnlyCollection<SimulatedDomain> Domains => _domains.Values;

    /// <summary>Memory that no domain has, in MiB.</summary>
    public long FreeMemoryMB => _world.Machine.Host.TotalMemoryMB - _world.Machine.Host.XenMemoryMB - (GivenMemoryKB / 1024);

    private long GivenMemoryKB
    {
        get
        {
            long sum = 0;
            foreach (SimulatedDomain domain in Domains)
            {
                sum += domain.MemoryKB;
            }

            return sum;
        }
    }

    /// <summary>A domain; null when there is none.</summary>
    public SimulatedDomain? Find(int domid) => _domains.GetValueOrDefault(domid);

    /// <summary>The number of the next domain; none is used twice.</summary>
    public int NextDomid() => ++_lastDomid;

    /// <summary>A domain that runs already, with the functions that Xen has given to it.</summary>
    /// <param name="running">The domain.</param>
    /// <param name="lastDomid">The highest number that was ever given.</param>
    public SimulatedDomain Resume(RunningDomain running, int lastDomid)
    {
        _lastDomid = Math.Max(_lastDomid, lastDomid);
        SimulatedDomain domain = new(
            running.Domid, running.Uuid, running.Configuration.Type, running.MemoryMB * 1024L, running.Vcpus, _world.Time.Elapsed);
        domain.Functions.AddRange(
            _world.Machine.Functions.Where(function => function.Domid == running.Domid).Select(function => function.Address));
        return _domains[running.Domid] = domain;
    }

    /// <summary>A new domain, which does not run yet; null when there is not enough memory.</summary>
    public SimulatedDomain? Create(int domid, Guid uuid, DomainType type, long memoryKB, int vcpus)
    {
        if (memoryKB / 1024 > FreeMemoryMB)
        {
            return null;
        }

        return _domains[domid] = new SimulatedDomain(domid, uuid, type, memoryKB, vcpus, _world.Time.Elapsed);
    }

    /// <summary>Takes note that a domain has stopped by itself.</summary>
    public void ShutDown(SimulatedDomain domain, ShutdownReason reason)
    {
        if (domain is { Shutdown: null, IsGone: false })
        {
            domain.Shutdown = reason;
            domain.Kernel?.Stop();
            _world.Store.TellShutDown();
            HasShutDown?.Invoke(domain);
        }
    }

    /// <summary>Ends a domain: its functions go into quarantine, its memory is free.</summary>
    public void Destroy(SimulatedDomain domain)
    {
        if (domain.IsGone)
        {
            return;
        }

        domain.IsGone = true;
        domain.Kernel?.Stop();
        foreach (PciAddress address in domain.Functions.ToArray())
        {
            Deassign(address, domain.Domid);
        }

        _domains.Remove(domain.Domid);
        _world.Store.Release(domain.Domid);
        HasGone?.Invoke(domain);
    }

    /// <summary>Who owns a function: 0 for dom0, <see cref="Quarantine"/>, or a domain.</summary>
    public int OwnerOf(PciAddress address) => _world.Machine.Find(address) is not { } function
        ? 0
        : function.Domid ?? (function.IsQuarantined ? Quarantine : 0);

    /// <summary>Gives a function to a domain or puts it into quarantine (XEN_DOMCTL_assign_device); the errno when Xen refuses.</summary>
    /// <param name="address">The function.</param>
    /// <param name="domid">The domain, or <see cref="Quarantine"/>, for which reserved memory does not matter.</param>
    /// <param name="isRelaxed">True when reserved memory that is another device's, too, is put up with.</param>
    public Errno? Assign(PciAddress address, int domid, bool isRelaxed = false)
    {
        if (domid == Quarantine)
        {
            return _world.Machine.Quarantine(address);
        }

        if (Find(domid) is not { } domain)
        {
            return Errno.EINVAL;
        }

        Errno? refusal = _world.Machine.AssignTo(address, domid, isRelaxed);
        if (refusal is null)
        {
            domain.Functions.Add(address);
        }

        return refusal;
    }

    /// <summary>Takes a function from a domain (it goes into quarantine) or out of quarantine; the errno when Xen refuses.</summary>
    public Errno? Deassign(PciAddress address, int domid)
    {
        if (domid == Quarantine)
        {
            return _world.Machine.LeaveQuarantine(address);
        }

        if (OwnerOf(address) != domid)
        {
            return Errno.ENODEV;
        }

        Find(domid)?.Functions.Remove(address);
        return _world.Machine.Release(address);
    }
}
