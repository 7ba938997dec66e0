using XenDriverDomain.Binding;
using XenDriverDomain.Simulation;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Hosts;

namespace XenDriverDomain.Hosting;

/// <summary>What a simulated host is to be like, from the parameters that describe it.</summary>
internal static class SimulatedHosts
{
    /// <summary>One of the built-in machines.</summary>
    internal static SimulatedHostOptions BuiltIn(SimulatedMachineKind machine, IEnumerable<string> faults) => new()
    {
        Host = machine == SimulatedMachineKind.Lab ? LabHost.Create() : DefaultHost.Create(),
        Faults = FaultPlan.Parse(faults),
    };
}
