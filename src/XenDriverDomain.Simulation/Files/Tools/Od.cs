using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>od(1) as bytes in hexadecimal on one line: -An -v -tx1, with -j and -N.</summary>
internal sealed class Od(SimulatedFiles files) : SmallProgram("/usr/bin/od")
{
    private const int Limit = 16 * 1024 * 1024;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "v", "AtjN");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (words.Operands is not [var file])
        {
            output.Complain("one file is all that the simulation can dump");
            return;
        }

        try
        {
            byte[] content = await files.ReadAsync(Absolute(file), Limit, cancellationToken).ConfigureAwait(false);
            output.WriteLine(string.Concat(
                content.Skip(Number(words, 'j') ?? 0).Take(Number(words, 'N') ?? Limit)
                    .Select(one => " " + one.ToString("x2", CultureInfo.InvariantCulture))));
        }
        catch (HostFileException e)
        {
            output.Complain(file, e.Errno);
        }
    }

    private static int? Number(Words words, char letter) =>
        words.ValuesOf(letter) is [.., var text] ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
