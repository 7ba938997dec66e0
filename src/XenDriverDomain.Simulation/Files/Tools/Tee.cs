using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>tee(1): the way to write to a file without a shell; an attribute gets its input in one write.</summary>
internal sealed class Tee(SimulatedFiles files) : SmallProgram("/usr/bin/tee")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, string.Empty);

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string operand in words.Operands)
        {
            string path = Absolute(operand);
            try
            {
                if (files.Find(path, followLast: true, out _)?.Node is null or OrdinaryFile)
                {
                    await files.ReplaceAsync(path, run.StandardInput, cancellationToken).ConfigureAwait(false);
                }
                else if (!run.StandardInput.IsEmpty)
                {
                    await files.WriteOnceAsync(path, run.StandardInput, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (HostFileException e)
            {
                output.Complain(operand, e.Errno);
            }
        }

        output.Write(Encoding.UTF8.GetString(run.StandardInput.Span));
    }
}
