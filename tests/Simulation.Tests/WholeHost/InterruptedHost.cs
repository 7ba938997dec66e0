using XenDriverDomain.Access;
using XenDriverDomain.Errors;
using XenDriverDomain.Hosts;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Client;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>
/// A session on a simulated host, every call of whose ports is counted. At one of them the session is cut off, as when its process is
/// killed, or something else happens on the host first.
/// </summary>
internal sealed class InterruptedHost : IDom0Files, IDom0Commands, IXenStoreTransport, IAsyncDisposable
{
    private readonly Dom0 _inner;
    private readonly int _at;
    private int _calls;
    private bool _isCut;

    /// <param name="host">The host.</param>
    /// <param name="at">The call that it happens at, counted from 1.</param>
    public InterruptedHost(SimulatedDom0 host, int at)
    {
        _inner = host.CreateDom0();
        _at = at;
        Session = HostSession.Of(new Dom0(
            "interrupted",
            this,
            this,
            this,
            async (dom0, token) => await XenStoreClient.ConnectAsync(dom0.XenStoreTransport, dom0.Time, null, token),
            host.Time,
            _inner)
        {
            Lock = _inner.Lock,
        });
    }

    public HostSession Session { get; }

    /// <summary>Whether only the connection to xenstored is cut, and the others stand.</summary>
    public bool CutsStoreOnly { get; init; }

    /// <summary>Whether the call is still carried out, and only its answer is lost.</summary>
    public bool CutsAfter { get; init; }

    /// <summary>What happens on the host before the call, instead of a cut.</summary>
    public Func<Task>? Before { get; init; }

    /// <summary>Whether it happened.</summary>
    public bool Happened => _calls >= _at;

    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.ReadAsync(path, limit, cancellationToken));

    public ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.WriteOnceAsync(path, data, cancellationToken));

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.ReplaceAsync(path, data, cancellationToken));

    public ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.ComposeAsync(path, pieces, isPacked, cancellationToken));

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.DeleteAsync(path, cancellationToken));

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.CreateDirectoryAsync(path, cancellationToken));

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.ListAsync(path, cancellationToken));

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.ResolveAsync(path, cancellationToken));

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.GetKindAsync(path, cancellationToken));

    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Files.ReadManyAsync(query, cancellationToken));

    public ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken) =>
        CallAsync(() => _inner.Commands.RunAsync(request, cancellationToken));

    public async ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken) =>
        _isCut ? throw Lost() : new Channel(this, await _inner.XenStoreTransport.OpenAsync(cancellationToken));

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private static XenDriverDomainException Lost() => new(ErrorIds.ConnectionLost, ErrorKind.Connection, "cut off", "none");

    private async ValueTask CallAsync(Func<ValueTask> call) => await CallAsync(async () =>
    {
        await call();
        return true;
    });

    private async ValueTask<T> CallAsync<T>(Func<ValueTask<T>> call)
    {
        bool isIt = Interlocked.Increment(ref _calls) == _at;
        if (isIt && Before is not null)
        {
            await Before();
        }

        if (CutsStoreOnly || Before is not null || (!isIt && !_isCut))
        {
            return await call();
        }

        if (isIt && CutsAfter)
        {
            await call();
        }

        _isCut = true;
        throw Lost();
    }

    private sealed class Channel(InterruptedHost host, IXenStoreChannel inner) : IXenStoreChannel
    {
        public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            bool isIt = Interlocked.Increment(ref host._calls) == host._at;
            if (isIt && host.Before is not null)
            {
                await host.Before();
            }

            if (host.Before is not null || (!isIt && !host._isCut))
            {
                await inner.SendAsync(message, cancellationToken);
                return;
            }

            if (isIt && host.CutsAfter)
            {
                await inner.SendAsync(message, cancellationToken);
            }

            host._isCut = true;
            await inner.DisposeAsync();
            throw Lost();
        }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            inner.ReceiveAsync(buffer, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
