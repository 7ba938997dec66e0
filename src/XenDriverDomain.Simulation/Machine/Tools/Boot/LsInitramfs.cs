using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Hosts;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools.Boot;

/// <summary>lsinitramfs(8): what is in an image.</summary>
internal sealed class LsInitramfs(SimulatedMachine machine) : SmallProgram(BuiltIn.LsInitramfsPath)
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "l");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string image in words.Operands)
        {
            if (machine.Files.Text(image) is { } names)
            {
                output.Write(names);
            }
            else
            {
                output.Complain($"Couldn't find '{image}'", Errno.ENOENT);
            }
        }

        return ValueTask.CompletedTask;
    }
}
