using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>
/// modinfo(8): the fields of modules, or one of them (-F). A module of the simulation has them as lines <c>name=value</c>.
/// </summary>
internal sealed class ModInfo(SimulatedMachine machine) : SmallProgram("/usr/sbin/modinfo")
{
    private const int Column = 16;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty, "F", ("field", 'F'));

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (words.Operands.Count == 0)
        {
            output.Complain("ERROR: missing module or filename.");
        }

        foreach (string operand in words.Operands)
        {
            if (PathOf(operand) is not { } path || machine.Files.Text(path) is not { } text)
            {
                output.Complain($"ERROR: Module {operand} not found.");
                continue;
            }

            (string Name, string Value)[] fields =
            [
                ("filename", path),
                .. text.Split('\n').Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2)
                    .Select(parts => (parts[0], parts[1])),
            ];
            string? only = words.ValuesOf('F') is [.., var field] ? field : null;
            foreach ((string name, string value) in fields.Where(one => only is null || one.Name == only))
            {
                output.WriteLine(only is null ? $"{(name + ":").PadRight(Column)}{value}" : value);
            }
        }

        return ValueTask.CompletedTask;
    }

    // A file is named by its path; a name is looked for in modules.dep.
    private string? PathOf(string operand)
    {
        if (operand.Contains('/', StringComparison.Ordinal))
        {
            return Absolute(operand);
        }

        string folder = $"/lib/modules/{machine.Host.KernelRelease}";
        return (machine.Files.Text($"{folder}/modules.dep") ?? string.Empty).Split('\n')
            .Select(line => line.Split(':')[0])
            .Where(path => KernelModules.Spelling(FileTree.Name(path)) == KernelModules.Spelling(operand) + ".ko")
            .Select(path => $"{folder}/{path}")
            .FirstOrDefault();
    }
}
