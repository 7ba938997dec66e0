using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Programs;

/// <summary>A program of the simulated dom0.</summary>
internal interface ISimulatedProgram
{
    /// <summary>Where it is installed, such as <c>/usr/sbin/xl</c>; its name is the last component.</summary>
    string Path { get; }

    /// <summary>
    /// Runs it to its end. The clock stands (apart from real time) meanwhile; a program that waits does so by
    /// <see cref="ProgramRun.DelayAsync"/> or <see cref="ProgramRun.WaitAsync"/>.
    /// </summary>
    /// <param name="run">What it was called with.</param>
    /// <param name="cancellationToken">Cancelled when it is killed.</param>
    ValueTask<CommandResult> RunAsync(ProgramRun run, CancellationToken cancellationToken);
}
