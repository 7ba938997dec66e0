using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// The ports of a host, beside which something else can happen right after a file was written or a program ran, and a program's answer be
/// another one.
/// </summary>
internal sealed class HookedPorts(Dom0 real) : IDom0Files, IDom0Commands
{
    /// <summary>The programs that ran and do more than look, as command lines.</summary>
    public List<string> Runs { get; } = [];

    /// <summary>Called after <c>write PATH</c>, <c>delete PATH</c>, or <c>PROGRAM ARGUMENTS</c>.</summary>
    public Action<string>? After { get; set; }

    /// <summary>What a program is heard to answer, by its command line; null for what it said.</summary>
    public Func<string, CommandResult, CommandResult?>? Heard { get; set; }

    /// <summary>What a file is read as, by its path; null for what is in it.</summary>
    public Func<string, string?>? Read { get; set; }

    /// <summary>The file that takes a write and does nothing.</summary>
    public string? Deaf { get; init; }

    /// <summary>Whether a program, by its name, is not there.</summary>
    public Predicate<string> IsMissing { get; set; } = _ => false;

    /// <summary>The host with these ports.</summary>
    public Dom0 Wrap() => new(
        real.Id,
        this,
        this,
        real.XenStoreTransport,
        async (dom0, cancellationToken) => await XenStoreClient.ConnectAsync(dom0.XenStoreTransport, dom0.Time, null, cancellationToken),
        real.Time,
        real)
    {
        Lock = real.Lock,
    };

    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken) =>
        Read?.Invoke(path) is { } text
            ? ValueTask.FromResult(Encoding.Latin1.GetBytes(text))
            : real.Files.ReadAsync(path, limit, cancellationToken);

    public async ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (path != Deaf)
        {
            await real.Files.WriteOnceAsync(path, data, cancellationToken);
        }

        After?.Invoke($"write {path}");
    }

    public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await real.Files.ReplaceAsync(path, data, cancellationToken);
        After?.Invoke($"write {path}");
    }

    public async ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken)
    {
        await real.Files.ComposeAsync(path, pieces, isPacked, cancellationToken);
        After?.Invoke($"write {path}");
    }

    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        await real.Files.DeleteAsync(path, cancellationToken);
        After?.Invoke($"delete {path}");
    }

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken) =>
        real.Files.CreateDirectoryAsync(path, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        real.Files.ListAsync(path, cancellationToken);

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken) =>
        real.Files.ResolveAsync(path, cancellationToken);

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken) =>
        real.Files.GetKindAsync(path, cancellationToken);

    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken) =>
        real.Files.ReadManyAsync(query, cancellationToken);

    public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        string line = string.Join(' ', request.Arguments.Prepend(request.Program));
        if (IsMissing(request.Program))
        {
            throw CommandErrors.NotFound(request.Program);
        }

        if (!request.OnlyLooks)
        {
            Runs.Add(line);
        }

        CommandResult result = await real.Commands.RunAsync(request, cancellationToken);
        After?.Invoke(line);
        return Heard?.Invoke(line, result) ?? result;
    }
}
