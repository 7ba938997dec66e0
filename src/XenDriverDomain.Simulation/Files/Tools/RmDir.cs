using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>rmdir(1).</summary>
internal sealed class RmDir(SimulatedFiles files) : SmallProgram("/usr/bin/rmdir")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty);

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string operand in words.Operands)
        {
            string path = Absolute(operand);
            FileNode? node = files.Find(path, followLast: false, out Errno why)?.Node;
            Errno? problem = node switch
            {
                null => why,
                DirectoryNode { IsKernels: true } => Errno.EPERM,
                DirectoryNode { Children.Count: > 0 } => Errno.ENOTEMPTY,
                DirectoryNode => null,
                _ => Errno.ENOTDIR,
            };
            if (problem is { } errno)
            {
                output.Complain($"failed to remove '{operand}'", errno);
            }
            else
            {
                files.Remove(path);
            }
        }

        return ValueTask.CompletedTask;
    }
}
