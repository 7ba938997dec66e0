using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>chmod(1) with a mode of octal digits.</summary>
internal sealed class ChMod(SimulatedFiles files) : SmallProgram("/usr/bin/chmod")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty);

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        string text = words.Operands is [var first, ..] ? first : string.Empty;
        int? mode = text.Length is > 0 and < 5 && text.All(c => c is >= '0' and <= '7')
            ? text.Aggregate(0, (sum, digit) => (sum << 3) | (digit - '0'))
            : null;
        if (mode is null)
        {
            output.Complain($"invalid mode: '{text}'");
            return ValueTask.CompletedTask;
        }

        foreach (string operand in words.Operands.Skip(1))
        {
            if (files.Find(Absolute(operand), followLast: true, out Errno why) is { } found)
            {
                found.Node.Mode = mode.Value;
            }
            else
            {
                output.Complain($"cannot access '{operand}'", why);
            }
        }

        return ValueTask.CompletedTask;
    }
}
