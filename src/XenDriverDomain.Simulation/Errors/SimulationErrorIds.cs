namespace XenDriverDomain.Simulation.Errors;

/// <summary>The ids of errors that only a simulated dom0 has; documented beside the core's.</summary>
internal static class SimulationErrorIds
{
    /// <summary>A text does not name a fault that can be simulated.</summary>
    public const string SimulationFaultMalformed = nameof(SimulationFaultMalformed);

    /// <summary>A text is no command line for a simulated host.</summary>
    public const string SimulatedCommandMalformed = nameof(SimulatedCommandMalformed);

    /// <summary>Something in the simulated world threw; the host goes on no further.</summary>
    public const string SimulatedHostFailed = nameof(SimulatedHostFailed);
}
