using XenDriverDomain.Access;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.ModuleTests.Runspaces;

/// <summary>The ports of a host, one or all of whose calls from a certain one on throw.</summary>
/// <param name="host">The host.</param>
/// <param name="error">What is thrown; a new one each time.</param>
/// <param name="first">Which call throws, counted from 1 over all ports.</param>
/// <param name="goesOn">True when each one after it throws as well.</param>
internal sealed class ThrowingPorts(Dom0 host, Func<Exception> error, int first, bool goesOn)
    : IDom0Files, IDom0Commands, IXenStoreTransport
{
    private int _calls;

    /// <summary>How many calls there were.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>A host that is reached by these ports.</summary>
    public Dom0 CreateDom0(string id) => new(
        id,
        this,
        this,
        this,
        async (dom0, token) => await XenStoreClient.ConnectAsync(dom0.XenStoreTransport, dom0.Time, null, token),
        host.Time);

    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken) =>
        Call(() => host.Files.ReadAsync(path, limit, cancellationToken));

    public ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        Call(() => host.Files.WriteOnceAsync(path, data, cancellationToken));

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        Call(() => host.Files.ReplaceAsync(path, data, cancellationToken));

    public ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken) =>
        Call(() => host.Files.ComposeAsync(path, pieces, isPacked, cancellationToken));

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        Call(() => host.Files.DeleteAsync(path, cancellationToken));

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken) =>
        Call(() => host.Files.CreateDirectoryAsync(path, cancellationToken));

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        Call(() => host.Files.ListAsync(path, cancellationToken));

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken) =>
        Call(() => host.Files.ResolveAsync(path, cancellationToken));

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken) =>
        Call(() => host.Files.GetKindAsync(path, cancellationToken));

    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken) =>
        Call(() => host.Files.ReadManyAsync(query, cancellationToken));

    public ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken) =>
        Call(() => host.Commands.RunAsync(request, cancellationToken));

    public ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken) => Call<IXenStoreChannel>(
        async () => new Channel(this, await host.XenStoreTransport.OpenAsync(cancellationToken)));

    private async ValueTask<T> Call<T>(Func<ValueTask<T>> call)
    {
        Count();
        return await call();
    }

    private async ValueTask Call(Func<ValueTask> call)
    {
        Count();
        await call();
    }

    private void Count()
    {
        int call = Interlocked.Increment(ref _calls);
        if (call == first || (goesOn && call > first))
        {
            throw error();
        }
    }

    private sealed class Channel(ThrowingPorts ports, IXenStoreChannel channel) : IXenStoreChannel
    {
        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            ports.Call(() => channel.SendAsync(message, cancellationToken));

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            ports.Call(() => channel.ReceiveAsync(buffer, cancellationToken));

        public ValueTask DisposeAsync() => channel.DisposeAsync();
    }
}
