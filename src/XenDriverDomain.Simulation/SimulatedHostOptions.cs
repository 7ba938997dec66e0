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

    /// <summary>What goes wrong on it.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;
}
