using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>dmesg(1).</summary>
internal sealed class DMesg(SimulatedMachine machine) : SmallProgram("/usr/bin/dmesg")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty);

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string line in machine.KernelLog)
        {
            output.WriteLine(line);
        }

        return ValueTask.CompletedTask;
    }
}
