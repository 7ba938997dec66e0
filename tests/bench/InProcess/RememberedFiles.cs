using System.Collections.Concurrent;
using XenDriverDomain.Access;

namespace XenDriverDomain.Bench;

/// <summary>Files of a host that gives each bulk answer once.</summary>
internal sealed class RememberedFiles(IDom0Files files) : IDom0Files
{
    private readonly ConcurrentDictionary<string, BulkAnswer> _answers = new(StringComparer.Ordinal);

    public IReadOnlyCollection<BulkAnswer> Answers => [.. _answers.Values];

    public async ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        string key = string.Join('\n', [.. query.Files, "-", .. query.Links, "-", .. query.Names]);
        return _answers.TryGetValue(key, out BulkAnswer? known)
            ? known
            : _answers.GetOrAdd(key, await files.ReadManyAsync(query, cancellationToken));
    }

    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken) =>
        files.ReadAsync(path, limit, cancellationToken);

    public ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        files.ListAsync(path, cancellationToken);

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken) => files.ResolveAsync(path, cancellationToken);

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken) =>
        files.GetKindAsync(path, cancellationToken);
}
