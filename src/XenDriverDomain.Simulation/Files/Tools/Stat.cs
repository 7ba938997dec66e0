using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>stat(1) with -c and the sequences %n, %N, %F, %a, %i, %s, and %Y, as no file has a time.</summary>
internal sealed class Stat(SimulatedFiles files) : SmallProgram("/usr/bin/stat")
{
    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "L", "c");

    /// <inheritdoc/>
    protected override ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string operand in words.Operands)
        {
            if (files.Find(Absolute(operand), followLast: words.Has('L'), out Errno why) is { } found)
            {
                output.WriteLine(Fill(words.ValuesOf('c') is [.., var format] ? format : "%N: %F, %s bytes, mode %a", operand, found.Node));
            }
            else
            {
                output.Complain($"cannot statx '{operand}'", why);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static string Fill(string format, string name, FileNode node)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            text.Append(format[++i] switch
            {
                'n' => name,
                'N' => node is LinkNode link ? $"'{name}' -> '{link.Target}'" : $"'{name}'",
                'F' => FileModes.Kind(node),
                'i' => (node.Inode > 0 ? node.Inode : RuntimeHelpers.GetHashCode(node)).ToString(CultureInfo.InvariantCulture),
                'Y' => "0",
                'a' => Convert.ToString(node.Mode, 8),
                's' => (node is OrdinaryFile file ? file.Content.Length : node is AttributeNode ? 4096 : 0).ToString(
                    CultureInfo.InvariantCulture),
                '%' => "%",
                _ => "?",
            });
        }

        return text.ToString();
    }
}
