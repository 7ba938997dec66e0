using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;

namespace XenDriverDomain.Simulation.Programs;

/// <summary>The programs of the simulated dom0, found by name in the search path or by their absolute path.</summary>
public sealed class ProgramTable : IDom0Commands
{
    /// <summary>A table without programs.</summary>
    /// <param name="time">The clock of time-outs.</param>
    /// <param name="faults">Decides what befalls programs.</param>
    public ProgramTable(SimulatedTime time, IFaults faults)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(faults);
    }

    /// <summary>Installs programs; one with the same path is replaced.</summary>
    /// <param name="programs">The programs.</param>
    public void Add(params ISimulatedProgram[] programs) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
