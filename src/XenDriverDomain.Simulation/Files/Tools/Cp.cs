using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>
/// cp(1) of one file to another: -p, which keeps the mode, as the simulation has no owners; -L, since links are followed anyway.
/// </summary>
internal sealed class Cp(SimulatedFiles files) : SmallProgram("/usr/bin/cp")
{
    private const int Limit = 16 * 1024 * 1024;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "pL");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (words.Operands is not [var from, var to])
        {
            output.Complain("one file to another is all that the simulation can do");
            return;
        }

        try
        {
            await files.ReplaceAsync(
                Absolute(to), await files.ReadAsync(Absolute(from), Limit, cancellationToken).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            if (words.Has('p') && files.Find(Absolute(from), followLast: true, out _) is { } source
                && files.Find(Absolute(to), followLast: true, out _) is { } copy)
            {
                copy.Node.Mode = source.Node.Mode;
            }
        }
        catch (HostFileException e)
        {
            output.Complain($"cannot copy '{from}' to '{to}'", e.Errno);
        }
    }
}
