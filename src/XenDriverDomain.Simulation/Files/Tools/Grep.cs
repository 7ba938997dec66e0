using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>grep(1): -F, -E, -e, -c, -h, -i, -q, -s, -v.</summary>
internal sealed class Grep(SimulatedFiles files) : SmallProgram("/usr/bin/grep")
{
    private const int Limit = 64 * 1024 * 1024;
    private static readonly TimeSpan s_matchTimeout = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override int UsageExitCode => 2;

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "FEchiqsv", "e");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        List<string> operands = [.. words.Operands];
        List<string> patterns = [.. words.ValuesOf('e')];
        if (patterns.Count == 0 && operands.Count > 0)
        {
            patterns.Add(operands[0]);
            operands.RemoveAt(0);
        }

        bool any = false;
        foreach (string operand in operands.Count > 0 ? operands : ["-"])
        {
            try
            {
                byte[] content = operand == "-"
                    ? run.StandardInput.ToArray()
                    : await files.ReadAsync(Absolute(operand), Limit, cancellationToken).ConfigureAwait(false);
                string[] lines = [.. Lines(Encoding.UTF8.GetString(content))
                    .Where(line => patterns.Any(pattern => Matches(line, pattern, words)) != words.Has('v'))];
                string prefix = operands.Count > 1 && !words.Has('h') ? $"{operand}:" : string.Empty;
                any |= lines.Length > 0;
                if (words.Has('c'))
                {
                    output.WriteLine($"{prefix}{lines.Length}");
                }
                else if (!words.Has('q'))
                {
                    output.Write(string.Concat(lines.Select(line => $"{prefix}{line}\n")));
                }
            }
            catch (HostFileException e)
            {
                if (words.Has('s'))
                {
                    output.Fail(2);
                }
                else
                {
                    output.Complain(operand, e.Errno, 2);
                }

                return;
            }
        }

        if (!any)
        {
            output.Fail(1);
        }
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static bool Matches(string line, string pattern, Words words) => words.Has('F')
        ? line.Contains(pattern, words.Has('i') ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
        : Regex.IsMatch(line, pattern, words.Has('i') ? RegexOptions.IgnoreCase : RegexOptions.None, s_matchTimeout);
}
