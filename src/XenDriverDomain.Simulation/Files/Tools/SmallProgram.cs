using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>
/// A program in the small form that administration by hand, and our tests, need: options that it does not have are refused, never
/// passed over.
/// </summary>
/// <param name="path">Where it is installed.</param>
internal abstract class SmallProgram(string path) : ISimulatedProgram
{
    /// <inheritdoc/>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(ProgramRun run, CancellationToken cancellationToken)
    {
        Output output = new(FileTree.Name(Path));
        Words words = Parse(run.Arguments);
        if (words.Unknown is { } unknown)
        {
            output.Complain($"option '{unknown}' is not part of the simulation", UsageExitCode);
        }
        else
        {
            await WorkAsync(words, run, output, cancellationToken).ConfigureAwait(false);
        }

        return output.ToResult();
    }

    /// <summary>What it ends with when it is called wrongly.</summary>
    protected virtual int UsageExitCode => 1;

    /// <summary>A path as the program means it: the current directory is the root.</summary>
    protected static string Absolute(string operand) => operand.StartsWith('/') ? operand : $"/{operand}";

    /// <summary>Reads the arguments.</summary>
    protected abstract Words Parse(IReadOnlyList<string> arguments);

    /// <summary>Does the work.</summary>
    protected abstract ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken);
}
