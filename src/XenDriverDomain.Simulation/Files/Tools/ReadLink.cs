using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>readlink(1): what is no link is answered by silence and exit code 1.</summary>
internal sealed class ReadLink(SimulatedFiles files) : SmallProgram("/usr/bin/readlink")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "fen");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        bool isCanonical = words.Has('f') || words.Has('e');
        foreach (string operand in words.Operands)
        {
            string path = Absolute(operand);
            string? answer = isCanonical ? files.Find(path, followLast: true, out _)?.Path : files.TargetOf(path);
            if (answer is null)
            {
                output.Fail(1);
            }
            else
            {
                output.Write(words.Has('n') ? answer : answer + "\n");
            }
        }

        return ValueTask.CompletedTask;
    }
}
