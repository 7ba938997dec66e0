using System.Globalization;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>wc(1), of which only -c is there, which counts bytes.</summary>
internal sealed class Wc(SimulatedFiles files) : SmallProgram("/usr/bin/wc")
{
    private const int Limit = 256 * 1024 * 1024;
    private const int UnknownWidth = 7;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "c", string.Empty, ("bytes", 'c'));

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (!words.Has('c'))
        {
            output.Complain("only 'wc -c' is part of the simulation");
            return;
        }

        if (words.Operands.Count == 0)
        {
            output.WriteLine(run.StandardInput.Length.ToString(CultureInfo.InvariantCulture));
            return;
        }

        long total = 0;
        int width = WidthOf(words.Operands);
        foreach (string operand in words.Operands)
        {
            long length = 0;
            try
            {
                length = operand == "-"
                    ? run.StandardInput.Length
                    : (await files.ReadAsync(Absolute(operand), Limit, cancellationToken).ConfigureAwait(false)).Length;
            }
            catch (HostFileException e)
            {
                output.Complain(operand, e.Errno);

                // A directory is opened, and counted as nothing.
                if (e.Errno != Errno.EISDIR)
                {
                    continue;
                }
            }

            total += length;
            output.WriteLine($"{Number(length, width)} {operand}");
        }

        if (words.Operands.Count > 1)
        {
            output.WriteLine($"{Number(total, width)} total");
        }
    }

    // As wide as the sum of what stat(2) says; a file alone needs no column (compute_number_width of wc.c).
    private int WidthOf(IReadOnlyList<string> operands)
    {
        if (operands.Count == 1)
        {
            return 1;
        }

        FileNode?[] nodes = [.. operands.Select(operand => files.Find(Absolute(operand), followLast: true, out _)?.Node)];
        int digits = Number(nodes.OfType<OrdinaryFile>().Sum(file => (long)file.Content.Length), 1).Length;
        return nodes.All(node => node is OrdinaryFile or null) ? digits : Math.Max(digits, UnknownWidth);
    }

    private static string Number(long number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width);
}
