using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Simulation;

/// <summary>What a simulated dom0 is to be like.</summary>
public sealed record SimulatedHostOptions
{
    /// <summary>The id by which outputs name the host.</summary>
    public string Id { get; init; } = "simulated";

    /// <summary>The host; by default a small server with a believable mix of devices.</summary>
    public HostDescription Host { get; init; } = DefaultHost.Create();

    /// <summary>The state it is in; null for a host that has just booted.</summary>
    internal HostState? State { get; init; }

    /// <summary>The guests that it is to have; xl makes them after the boot.</summary>
    internal IReadOnlyList<GuestDescription> Guests { get; init; } = [];

    /// <summary>The functions that pciback is to have beside those of guests.</summary>
    internal IReadOnlyList<PciAddress> Assignable { get; init; } = [];

    /// <summary>
    /// True for a clock that runs with the wall clock, so that progress and a Ctrl+C are seen as on a real host; false for one that skips
    /// what is waited for.
    /// </summary>
    public bool IsRealTime { get; init; }

    /// <summary>What goes wrong on it.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;
}
