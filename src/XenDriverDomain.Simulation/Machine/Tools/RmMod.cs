using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>rmmod(8).</summary>
internal sealed class RmMod(SimulatedMachine machine) : SmallProgram("/usr/sbin/rmmod")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "v");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string name in words.Operands)
        {
            machine.Files.Lock.Run(() =>
            {
                if (machine.Modules.IsBuiltIn(name))
                {
                    output.Complain($"ERROR: Module {KernelModules.Spelling(name)} is builtin.");
                }
                else if (machine.Modules.IsLoaded(name))
                {
                    machine.Modules.Unload(name);
                }
                else
                {
                    output.Complain($"ERROR: Module {KernelModules.Spelling(name)} is not currently loaded");
                }
            });
        }

        return ValueTask.CompletedTask;
    }
}
