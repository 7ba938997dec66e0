using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>rm(1): -f, -r.</summary>
internal sealed class Rm(SimulatedFiles files) : SmallProgram("/usr/bin/rm")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "frR");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        bool isDeep = words.Has('r') || words.Has('R');
        foreach (string operand in words.Operands)
        {
            string path = Absolute(operand);
            Found? found = files.Find(path, followLast: false, out Errno why);
            if (found is null)
            {
                if (!words.Has('f') || why != Errno.ENOENT)
                {
                    output.Complain($"cannot remove '{operand}'", why);
                }
            }
            else if (found.Value.Node is DirectoryNode { IsKernels: false } && isDeep)
            {
                files.Remove(path);
            }
            else
            {
                try
                {
                    await files.DeleteAsync(path, cancellationToken).ConfigureAwait(false);
                }
                catch (HostFileException e)
                {
                    output.Complain($"cannot remove '{operand}'", e.Errno);
                }
            }
        }
    }
}
