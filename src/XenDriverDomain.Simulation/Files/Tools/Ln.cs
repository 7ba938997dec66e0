using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>ln(1): -s of one target.</summary>
internal sealed class Ln(SimulatedFiles files) : SmallProgram("/usr/bin/ln")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "s");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (words.Operands is not [var target, var path] || !words.Has('s'))
        {
            output.Complain("one symbolic link is all that the simulation can make");
        }
        else if (files.Exists(Absolute(path)))
        {
            output.Complain($"failed to create symbolic link '{path}'", Errno.EEXIST);
        }
        else if (files.Find(HostPath.Parent(Absolute(path)), followLast: true, out Errno why) is null)
        {
            output.Complain($"failed to create symbolic link '{path}'", why);
        }
        else
        {
            files.Link(Absolute(path), target);
        }

        return ValueTask.CompletedTask;
    }
}
