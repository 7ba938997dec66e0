namespace XenDriverDomain.Simulation.Errors;

/// <summary>The ids of errors that only a simulated dom0 has; documented beside the core's.</summary>
internal static class SimulationErrorIds
{
    /// <summary>A text does not name a fault that can be simulated.</summary>
    public const string SimulationFaultMalformed = nameof(SimulationFaultMalformed);

    /// <summary>A description of a machine to be simulated says something that cannot be.</summary>
    public const string MachineDescriptionInvalid = nameof(MachineDescriptionInvalid);

    /// <summary>A described machine booted, and its guests could not be made.</summary>
    public const string MachineSetupFailed = nameof(MachineSetupFailed);

    /// <summary>What is to happen on a simulated host cannot happen there.</summary>
    public const string SimulatedEventImpossible = nameof(SimulatedEventImpossible);

    /// <summary>A text is no command line for a simulated host.</summary>
    public const string SimulatedCommandMalformed = nameof(SimulatedCommandMalformed);

    /// <summary>Something in the simulated world threw; the host goes on no further.</summary>
    public const string SimulatedHostFailed = nameof(SimulatedHostFailed);
}
