using XenDriverDomain.Domains;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Simulation.Domains;

/// <summary>A domain as the hypervisor knows it; names and configurations are the toolstack's business.</summary>
/// <param name="domid">Its number.</param>
/// <param name="uuid">Its handle.</param>
/// <param name="type">How it is virtualised.</param>
/// <param name="memoryKB">Its memory in KiB.</param>
/// <param name="vcpus">Its virtual CPUs.</param>
/// <param name="created">When it was made, on the simulated clock.</param>
internal sealed class SimulatedDomain(int domid, Guid uuid, DomainType type, long memoryKB, int vcpus, TimeSpan created)
{
    /// <summary>Its number.</summary>
    public int Domid { get; } = domid;

    /// <summary>Its handle.</summary>
    public Guid Uuid { get; } = uuid;

    /// <summary>How it is virtualised.</summary>
    public DomainType Type { get; } = type;

    /// <summary>Its memory in KiB.</summary>
    public long MemoryKB { get; } = memoryKB;

    /// <summary>Its virtual CPUs.</summary>
    public int Vcpus { get; } = vcpus;

    /// <summary>When it was made, on the simulated clock.</summary>
    public TimeSpan Created { get; } = created;

    /// <summary>What runs in it; null before it was built.</summary>
    public GuestKernel? Kernel { get; set; }

    /// <summary>True while it is kept from running.</summary>
    public bool IsPaused { get; private set; } = true;

    /// <summary>Why it stopped by itself; null while it has not.</summary>
    public ShutdownReason? Shutdown { get; set; }

    /// <summary>True from the moment of its destruction.</summary>
    public bool IsGone { get; set; }

    /// <summary>The PCI functions that Xen has given to it.</summary>
    public List<PciAddress> Functions { get; } = [];

    /// <summary>Lets it run; its kernel boots when it does so for the first time.</summary>
    public void Unpause()
    {
        IsPaused = false;
        Kernel?.Run();
    }

    /// <summary>Keeps it from running.</summary>
    public void Pause()
    {
        IsPaused = true;
        Kernel?.Freeze();
    }
}
