using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>
/// ldd(1). A file of the simulation is a program or a library by what stands in it: a line <c>needs: /lib/x86_64-linux-gnu/libc.so.6</c>
/// for each file that it loads, or <c>static</c> for a program that loads none. What a library needs is loaded, too.
/// </summary>
internal sealed class Ldd(SimulatedFiles files) : SmallProgram("/usr/bin/ldd")
{
    private const string Needs = "needs: ";
    private const string Address = " (0x00007f0000000000)";

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty);

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string operand in words.Operands)
        {
            if (words.Operands.Count > 1)
            {
                output.WriteLine($"{operand}:");
            }

            Tell(operand, output);
        }

        return ValueTask.CompletedTask;
    }

    private void Tell(string operand, Output output)
    {
        if (files.Find(Absolute(operand), followLast: true, out _)?.Node.Kind != HostFileKind.File)
        {
            output.Complain($"{operand}: No such file or directory");
            return;
        }

        List<string> loaded = [];
        Load(Absolute(operand), loaded);
        if (loaded.Count == 0)
        {
            output.Say("\tnot a dynamic executable");
            output.Fail(1);
            return;
        }

        output.WriteLine("\tlinux-vdso.so.1 (0x00007ffd00000000)");
        foreach (string path in loaded)
        {
            // The loader stands in the program by its path, and is not looked for.
            string name = FileTree.Name(path);
            output.WriteLine(name.StartsWith("ld-", StringComparison.Ordinal) ? $"\t{path}{Address}"
                : files.Text(path) is null ? $"\t{name} => not found"
                : $"\t{name} => {path}{Address}");
        }
    }

    private void Load(string file, List<string> loaded)
    {
        foreach (string line in (files.Text(file) ?? string.Empty).Split('\n'))
        {
            if (line.StartsWith(Needs, StringComparison.Ordinal) && line[Needs.Length..].Trim() is var path && !loaded.Contains(path))
            {
                loaded.Add(path);
                Load(path, loaded);
            }
        }
    }
}
