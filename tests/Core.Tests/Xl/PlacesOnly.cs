using XenDriverDomain.Access;

namespace XenDriverDomain.Tests.Xl;

/// <summary>Files of which only names are asked: those given exist.</summary>
internal sealed class PlacesOnly(params string[] paths) : IDom0Files
{
    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        HashSet<string> names = [.. paths.Where(path => query.Names.Any(pattern =>
            System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false)))];
        return ValueTask.FromResult(new BulkAnswer(new Dictionary<string, string>(), new Dictionary<string, string>(), names));
    }

    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

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
        throw new NotSupportedException();

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();
}
