using System.Text;
using System.Text.RegularExpressions;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>sed(1) -i with a script of one line: <c>/REGEX/d</c>, <c>/REGEX/s/REGEX/TEXT/</c>.</summary>
internal sealed partial class Sed(SimulatedFiles files) : SmallProgram("/usr/bin/sed")
{
    private const int Limit = 64 * 1024 * 1024;
    private static readonly TimeSpan s_matchTimeout = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "i");

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        if (!words.Has('i') || words.Operands.Count < 2 || Script().Match(words.Operands[0]) is not { Success: true } script)
        {
            output.Complain("only -i with one command is part of the simulation", 1);
            return;
        }

        foreach (string operand in words.Operands.Skip(1))
        {
            try
            {
                string text = Encoding.Latin1.GetString(
                    await files.ReadAsync(Absolute(operand), Limit, cancellationToken).ConfigureAwait(false));
                await files.ReplaceAsync(Absolute(operand), Encoding.Latin1.GetBytes(Edit(text, script)), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (HostFileException e)
            {
                output.Complain($"can't read {operand}", e.Errno, 2);
            }
        }
    }

    private static string Edit(string text, Match script)
    {
        Regex address = Expression(script.Groups["address"].Value);
        StringBuilder edited = new();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            int next = end < 0 ? text.Length : end + 1;
            string line = end < 0 ? text[start..] : text[start..end];
            bool isMeant = address.IsMatch(line);
            if (!isMeant || script.Groups["from"].Success)
            {
                edited.Append(isMeant ? Expression(script.Groups["from"].Value).Replace(line, script.Groups["to"].Value, 1) : line);
                edited.Append(text, end < 0 ? next : end, end < 0 ? 0 : 1);
            }

            start = next;
        }

        return edited.ToString();
    }

    // In a basic expression +, ?, |, (, ) and { stand for themselves.
    private static Regex Expression(string basic) => new(
        Extended().Replace(basic, match => match.Value.Length == 1 ? "\\" + match.Value : match.Value),
        RegexOptions.CultureInvariant,
        s_matchTimeout);

    [GeneratedRegex(@"^/(?<address>(?:[^/\\]|\\.)+)/(?:d|s/(?<from>(?:[^/\\]|\\.)+)/(?<to>[^/\\&$]*)/)$")]
    private static partial Regex Script();

    [GeneratedRegex(@"\\.|[+?|(){}]")]
    private static partial Regex Extended();
}
