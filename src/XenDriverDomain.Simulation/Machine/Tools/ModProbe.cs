using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>modprobe(8): loads modules, or unloads them with -r; -a for several, -q, -v.</summary>
internal sealed class ModProbe(SimulatedMachine machine) : SmallProgram("/usr/sbin/modprobe")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) =>
        Words.Read(arguments, "arqv", string.Empty, ("remove", 'r'), ("all", 'a'), ("quiet", 'q'));

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        // Without -a and -r, what follows the first name are parameters of the module.
        foreach (string name in words.Has('a') || words.Has('r') ? words.Operands : words.Operands.Take(1))
        {
            machine.Files.Lock.Run(() => Do(name, words, output));
        }

        return ValueTask.CompletedTask;
    }

    private void Do(string name, Words words, Output output)
    {
        KernelModules modules = machine.Modules;
        if (!modules.Exists(name))
        {
            if (!words.Has('q'))
            {
                output.Complain($"FATAL: Module {name} not found in directory /lib/modules/{machine.Host.KernelRelease}");
            }

            output.Fail(1);
        }
        else if (words.Has('r') && modules.IsBuiltIn(name))
        {
            output.Complain($"FATAL: Module {KernelModules.Spelling(name)} is builtin.");
        }
        else if (words.Has('r'))
        {
            modules.Unload(name);
        }
        else if (!modules.IsLoaded(name) && !modules.Load(name))
        {
            output.Complain($"ERROR: could not insert '{KernelModules.Spelling(name)}': Invalid argument");
        }
    }
}
