using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>mkdir(1): -p.</summary>
internal sealed class MkDir(SimulatedFiles files) : SmallProgram("/usr/bin/mkdir")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "p");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string operand in words.Operands)
        {
            string path = Absolute(operand);
            Errno? problem = words.Has('p') ? null
                : files.Exists(path) ? Errno.EEXIST
                : files.Find(HostPath.Parent(path), followLast: true, out Errno why) is null ? why : null;
            try
            {
                if (problem is null)
                {
                    await files.CreateDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (HostFileException e)
            {
                problem = e.Errno;
            }

            if (problem is { } errno)
            {
                output.Complain($"cannot create directory '{operand}'", errno);
            }
        }
    }
}
