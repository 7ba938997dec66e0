using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>cat(1).</summary>
internal sealed class Cat(SimulatedFiles files) : SmallProgram("/usr/bin/cat")
{
    private const int Limit = 64 * 1024 * 1024;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "u");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string operand in words.Operands.Count > 0 ? words.Operands : ["-"])
        {
            try
            {
                output.Write(Encoding.UTF8.GetString(operand == "-"
                    ? run.StandardInput.Span
                    : await files.ReadAsync(Absolute(operand), Limit, cancellationToken).ConfigureAwait(false)));
            }
            catch (HostFileException e)
            {
                output.Complain(operand, e.Errno);
            }
            catch (XenDriverDomainException e)
            {
                output.Complain($"{operand}: {e.Message}");
            }
        }
    }
}
