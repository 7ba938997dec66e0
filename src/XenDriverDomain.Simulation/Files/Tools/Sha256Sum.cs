using System.Security.Cryptography;
using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Files.Tools;

/// <summary>sha256sum(1): sums, and -c, which checks what it has written.</summary>
internal sealed class Sha256Sum(SimulatedFiles files) : SmallProgram("/usr/bin/sha256sum")
{
    private const int Limit = 256 * 1024 * 1024;
    private const string Gap = "  ";

    /// <inheritdoc/>
    protected override Words Parse(IReadOnlyList<string> arguments) => Words.Read(arguments, "bct", string.Empty, ("check", 'c'));

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(Words words, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        foreach (string operand in words.Operands.Count > 0 ? words.Operands : ["-"])
        {
            if (await ReadAsync(operand, run, output, cancellationToken).ConfigureAwait(false) is not { } content)
            {
                continue;
            }

            if (words.Has('c'))
            {
                await CheckAsync(operand, Encoding.UTF8.GetString(content), run, output, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                output.WriteLine($"{SumOf(content)}{Gap}{operand}");
            }
        }
    }

    private async ValueTask CheckAsync(string list, string text, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        int wrong = 0, unread = 0, sums = 0;
        foreach (string[] words in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(Gap, 2)))
        {
            if (words is not [{ Length: 2 * SHA256.HashSizeInBytes } sum, var name])
            {
                continue;
            }

            sums++;
            if (await ReadAsync(name, run, output, cancellationToken).ConfigureAwait(false) is not { } content)
            {
                unread++;
                output.WriteLine($"{name}: FAILED open or read");
                continue;
            }

            bool isRight = SumOf(content) == sum;
            wrong += isRight ? 0 : 1;
            output.WriteLine($"{name}: {(isRight ? "OK" : "FAILED")}");
        }

        if (sums == 0)
        {
            output.Complain($"{list}: no properly formatted checksum lines found");
        }

        if (unread > 0)
        {
            output.Complain($"WARNING: {unread} listed {(unread == 1 ? "file" : "files")} could not be read");
        }

        if (wrong > 0)
        {
            output.Complain($"WARNING: {wrong} computed {(wrong == 1 ? "checksum" : "checksums")} did NOT match");
        }
    }

    private async ValueTask<byte[]?> ReadAsync(string operand, ProgramRun run, Output output, CancellationToken cancellationToken)
    {
        try
        {
            return operand == "-"
                ? run.StandardInput.ToArray()
                : await files.ReadAsync(Absolute(operand), Limit, cancellationToken).ConfigureAwait(false);
        }
        catch (HostFileException e)
        {
            output.Complain(operand, e.Errno);
            return null;
        }
    }

    private static string SumOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
