using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>ip(8), of which only <c>ip -o addr show</c> is there.</summary>
internal sealed class Ip(SimulatedMachine machine) : SmallProgram("/usr/sbin/ip")
{
    /// <inheritdoc/>
    protected override int UsageExitCode => 255;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "o");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (words.Has('o') && words.Operands is ["addr" or "address" or "a", ..]
            && words.Operands.Skip(1).All(word => word is "show" or "list"))
        {
            output.Write(machine.Addresses);
        }
        else
        {
            output.Complain("only 'ip -o addr show' is part of the simulation", UsageExitCode);
        }

        return ValueTask.CompletedTask;
    }
}
