using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>chmod(1), of which nothing in the simulation sees the effect.</summary>
internal sealed class ChMod(SimulatedFiles files) : SmallProgram("/usr/bin/chmod")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty);

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string operand in words.Operands.Skip(1).Where(operand => !files.Exists(Absolute(operand))))
        {
            output.Complain($"cannot access '{operand}'", Errno.ENOENT);
        }

        return ValueTask.CompletedTask;
    }
}
