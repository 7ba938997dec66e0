using System.Runtime.ExceptionServices;
using XenDriverDomain.Configuration;
using XenDriverDomain.Simulation.Machine;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.Simulation.XenStore;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// The parts of a simulated host, as those see them that live in it. Everything in Domains and Toolstack happens in the events of
/// the clock, one at a time, and needs no lock.
/// </summary>
internal sealed class World
{
    private int _lastProcessId = 1200;

    public World(SimulatedTime time, SimulatedXenStore store, SimulatedMachine machine)
    {
        Time = time;
        Store = store;
        Machine = machine;
        Hypervisor = new Hypervisor(this);
        Dom0 = new Dom0Kernel(this);
    }

    /// <summary>Raised when a network back end begins or ceases to carry packets.</summary>
    public event Action? LinksChanged;

    /// <summary>The clock.</summary>
    public SimulatedTime Time { get; }

    /// <summary>xenstored.</summary>
    public SimulatedXenStore Store { get; }

    /// <summary>The machine: PCI functions, drivers, dom0's files.</summary>
    public SimulatedMachine Machine { get; }

    /// <summary>The hypervisor.</summary>
    public Hypervisor Hypervisor { get; }

    /// <summary>dom0's kernel, where it serves domains.</summary>
    public Dom0Kernel Dom0 { get; }

    /// <summary>The configurations that the toolstack keeps of the running domains (libxl's userdata).</summary>
    public Dictionary<int, DomainConfiguration> Configurations { get; } = [];

    /// <summary>The network back end of a domain; null when it has none.</summary>
    public Netback? NetbackOf(int domid) => domid == 0 ? Dom0.Netback : Hypervisor.Find(domid)?.Kernel?.Netback;

    /// <summary>A process id that nobody has.</summary>
    public int NextProcessId() => ++_lastProcessId;

    /// <summary>A domain's own view of xenstore.</summary>
    public DomainStore StoreOf(int domid) => new(Store, domid);

    /// <summary>Lets something go on by itself; when it fails, the next call of a port tells so.</summary>
    public void Detach(Task task) => task.ContinueWith(
        failed => Time.Schedule(TimeSpan.Zero, () => ExceptionDispatchInfo.Throw(failed.Exception!.GetBaseException())),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Tells that a network back end begins or ceases to carry packets.</summary>
    public void TellLinksChanged() => LinksChanged?.Invoke();
}
