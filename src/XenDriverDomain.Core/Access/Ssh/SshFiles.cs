using System.Text;

namespace XenDriverDomain.Access.Ssh;

/// <summary>The files of a host reached by SSH; one round trip each, with as few programs as the shell allows.</summary>
internal sealed class SshFiles(SshConnection connection) : IDom0Files
{
    /// <summary>More than any sysfs attribute takes, and little enough for one line of script.</summary>
    private const int WriteOnceLimit = 64 * 1024;

    private const int BulkLimit = 256 * 1024 * 1024;
    private const int SmallLimit = 1024 * 1024;

    public async ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        RemoteReply reply = await LookAsync($"cat -- {Word(path)}", "read", path, limit, cancellationToken).ConfigureAwait(false);
        if (reply.Truncated)
        {
            throw FileErrors.TooLarge(path, limit);
        }

        return reply.Status == 0 ? reply.Output : throw Failure("read", path, reply);
    }

    public async ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.IsEmpty)
        {
            throw new ArgumentException("There is nothing to write; a sysfs attribute is cleared by a newline.", nameof(data));
        }

        if (data.Length > WriteOnceLimit)
        {
            throw new ArgumentException($"At most {WriteOnceLimit} bytes go into one write.", nameof(data));
        }

        // dd collects what printf sends until a block is full or the input ends, and writes it at once: an output block larger
        // than the data makes it one write, whose error dd reports; a shell's own printf would hide it. The input block must
        // differ, or dd passes on what each read gives.
        string word = Word(path);
        string script =
            $"if [ -e {word} ]; then y=$({{ {PosixShell.Print(data.Span)}; }} | dd ibs=512 obs={Math.Max(4096, data.Length + 1)} "
            + $"of={word} conv=notrunc 2>&1) || e \"$y\"; else e 'No such file or directory'; fi";
        RemoteReply reply = await RunAsync(script, "write", path, SmallLimit, cancellationToken).ConfigureAwait(false);
        if (reply.Status != 0)
        {
            throw Failure("write", path, reply);
        }
    }

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // The data are part of the script, and the shell begins only when it has read all of it: a connection that breaks off
        // never leaves half a file.
        string print = data.IsEmpty ? ":" : PosixShell.Print(data.Span);
        return ReplaceAsync(path, $"{{ {print}; }} | dd obs=65536 of=\"$t\" conv=fsync", cancellationToken);
    }

    public ValueTask ComposeAsync(string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken)
    {
        // One program reads all files, since starting one for each takes longer than reading them: so what is sent becomes small files as
        // well, by the shell alone. A pipe tells nothing of its first program: what it gave is counted, and what it said is kept.
        StringBuilder parts = new();
        List<string> names = [];
        foreach (FilePiece piece in pieces.Where(piece => piece.Length > 0))
        {
            string name = piece.Source is null ? $"\"$d\"/{names.Count}" : PosixShell.Quote(piece.Source);
            if (piece.Source is null)
            {
                parts.Append("{ ").Append(PosixShell.Print(piece.Bytes.Span)).Append("; } >").Append(name).Append(" && ");
            }

            names.Add(name);
        }

        string read = names.Count == 0 ? ":" : $"cat -- {string.Join(' ', names)}";
        string count = isPacked ? "gzip -dc <\"$t\" | wc -c" : "wc -c <\"$t\"";
        string write =
            $"d=$t.d && mkdir \"$d\" && {{ {parts}"
            + $"{{ {read}; echo $? >\"$d\"/read; }} {(isPacked ? "| gzip -c " : "")}| dd obs=65536 of=\"$t\" conv=fsync "
            + $"&& read -r c <\"$d\"/read && [ $c = 0 ] && {{ [ \"$({count})\" -eq {pieces.Sum(piece => piece.Length)} ] "
            + "|| e 'Input/output error'; }; c=$?; rm -rf \"$d\"; [ $c = 0 ]; }";
        return ReplaceAsync(path, write, cancellationToken);
    }

    // The commands write to the file $t.
    private async ValueTask ReplaceAsync(string path, string write, CancellationToken cancellationToken)
    {
        string script =
            $"p={Word(path)}; if [ -L \"$p\" ]; then p=$(readlink -f \"$p\"); fi; if [ -d \"$p\" ]; then e 'Is a directory'; "
            + "elif [ -e \"$p\" ] && ! [ -f \"$p\" ]; then e 'Invalid argument'; "
            + "else t=$(mktemp \"${p%/*}/.${p##*/}.XXXXXX\") && { "
            + "{ if [ -e \"$p\" ]; then cp -p \"$p\" \"$t\"; else chmod 644 \"$t\"; fi; } "
            + $"&& {write} && mv -f \"$t\" \"$p\" || {{ rm -f \"$t\"; false; }}; }}; fi";
        RemoteReply reply = await RunAsync(script, "replace", path, SmallLimit, cancellationToken).ConfigureAwait(false);
        if (reply.Status != 0)
        {
            throw Failure("replace", path, reply);
        }
    }

    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        RemoteReply reply = await RunAsync($"rm -f -- {Word(path)}", "delete", path, SmallLimit, cancellationToken).ConfigureAwait(false);
        if (reply.Status != 0)
        {
            throw Failure("delete", path, reply);
        }
    }

    public async ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        RemoteReply reply = await RunAsync($"mkdir -p -- {Word(path)}", "create", path, SmallLimit, cancellationToken)
            .ConfigureAwait(false);
        if (reply.Status != 0)
        {
            throw Failure("create", path, reply);
        }
    }

    public async ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        string word = Word(path);
        string script =
            $"if ! [ -e {word} ]; then e 'No such file or directory'; elif ! [ -d {word} ]; then e 'Not a directory'; "
            + $"elif ! [ -r {word} ]; then e 'Permission denied'; else o a {word}/* {word}/.[!.]* {word}/..?*; fi";
        RemoteReply reply = await LookAsync(script, "list", path, BulkLimit, cancellationToken).ConfigureAwait(false);
        if (reply.Status != 0)
        {
            throw Failure("list", path, reply);
        }

        List<string> names = [.. PosixShell.Paths(reply.Output).Select(entry => entry[(entry.LastIndexOf('/') + 1)..])];
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public async ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken)
    {
        string word = Word(path);
        RemoteReply reply = await LookAsync(
            $"if [ -d {word} ]; then cd -P {word} && pwd -P; cd /; elif [ -e {word} ]; then readlink -f {word}; fi", "resolve", path,
            SmallLimit, cancellationToken).ConfigureAwait(false);
        if (reply.Status != 0)
        {
            throw Failure("resolve", path, reply);
        }

        ReadOnlySpan<byte> answer = reply.Output;
        return answer.IsEmpty ? null : Encoding.UTF8.GetString(answer.EndsWith("\n"u8) ? answer[..^1] : answer);
    }

    public async ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken)
    {
        string word = Word(path);
        string script =
            $"if [ -f {word} ]; then printf f; elif [ -d {word} ]; then printf d; elif [ -b {word} ]; then printf b; "
            + $"elif [ -e {word} ]; then printf o; fi";
        RemoteReply reply = await LookAsync(script, "look at", path, SmallLimit, cancellationToken).ConfigureAwait(false);
        return Encoding.ASCII.GetString(reply.Output) switch
        {
            "f" => HostFileKind.File,
            "d" => HostFileKind.Directory,
            "b" => HostFileKind.BlockDevice,
            "o" => HostFileKind.Other,
            _ => HostFileKind.None,
        };
    }

    public async ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        BulkPath.Require(query);
        var exchange = new SshBulkExchange(query);
        RemoteReply reply = await connection.RunAsync(
            RemoteScript.Of(exchange.Script) with { Limit = BulkLimit, StopAtLimit = true, OnlyLooks = true }, "read many files",
            cancellationToken)
            .ConfigureAwait(false);
        return reply.Truncated ? throw FileErrors.TooLarge(query.Files[0], BulkLimit) : exchange.Parse(reply.Output, reply.Error);
    }

    private static string Word(string path) => PosixShell.Quote(HostPath.Require(path));

    private static HostFileException Failure(string operation, string path, RemoteReply reply)
    {
        string[] lines = Encoding.UTF8.GetString(reply.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // dd says what it copied after what went wrong.
        string? line = lines.LastOrDefault(one => ErrnoText.Parse(one) != Errno.Unknown);
        string detail = line ?? lines.LastOrDefault() ?? $"the program failed with {reply.Status}";
        return new HostFileException(
            operation, path, line is null ? Errno.Unknown : ErrnoText.Parse(line), Terminal.Text.Show(ErrnoText.Words(detail)));
    }

    private Task<RemoteReply> LookAsync(
        string commands, string operation, string path, int limit, CancellationToken cancellationToken) =>
        connection.RunAsync(
            RemoteScript.Of(commands) with { Limit = limit, StopAtLimit = true, OnlyLooks = true }, $"{operation} {path}",
            cancellationToken);

    private Task<RemoteReply> RunAsync(
        string commands, string operation, string path, int limit, CancellationToken cancellationToken) =>
        connection.RunAsync(
            RemoteScript.Of(commands) with { Limit = limit, StopAtLimit = true }, $"{operation} {path}", cancellationToken);
}
