using XenDriverDomain.Access;
using XenDriverDomain.Hosts;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Tests.WholeHost;

/// <summary>What becomes of an xl that is under way when pwsh is killed.</summary>
public enum XlAtTheEnd
{
    /// <summary>It is never begun.</summary>
    NotBegun,

    /// <summary>It is killed as well, in the middle of its work.</summary>
    Killed,

    /// <summary>It goes on by itself.</summary>
    GoesOn,
}

/// <summary>
/// A session whose process is killed at one of its changes to the host: what it had done before is there, and from then on nothing of it
/// reaches the host any more, no undo either.
/// </summary>
internal sealed class KilledSession : IAsyncDisposable
{
    private readonly Dom0 _inner;
    private readonly int _last;
    private readonly XlAtTheEnd _xl;
    private int _changes;

    /// <summary>A session that is killed at a change.</summary>
    /// <param name="host">The host.</param>
    /// <param name="at">The change that is not made any more, from 1.</param>
    /// <param name="xl">What becomes of it when it is an xl.</param>
    public KilledSession(SimulatedDom0 host, int at, XlAtTheEnd xl)
    {
        _inner = host.CreateDom0();
        _last = at;
        _xl = xl;
        Session = HostSession.Of(new Dom0(
            _inner.Id,
            new Files(this, _inner.Files),
            new Commands(this, _inner.Commands),
            _inner.XenStoreTransport,
            async (_, token) => new Store(this, await _inner.GetXenStoreAsync(token)),
            _inner.Time));
    }

    public HostSession Session { get; }

    /// <summary>True when it came to the change.</summary>
    public bool IsDead { get; private set; }

    /// <summary>What the change would have been.</summary>
    public string Last { get; private set; } = string.Empty;

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _inner.DisposeAsync();
    }

    private bool Dies(string change)
    {
        RequireAlive();
        if (Interlocked.Increment(ref _changes) < _last)
        {
            return false;
        }

        IsDead = true;
        Last = change;
        return true;
    }

    private void Change(string change)
    {
        if (Dies(change))
        {
            throw new KilledException();
        }
    }

    private void RequireAlive()
    {
        if (IsDead)
        {
            throw new KilledException();
        }
    }

    private sealed class KilledException : Exception;

    private sealed class Commands(KilledSession session, IDom0Commands inner) : IDom0Commands
    {
        public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            if (request.OnlyLooks || !session.Dies($"{request.Program} {string.Join(' ', request.Arguments)}"))
            {
                return await inner.RunAsync(request, cancellationToken);
            }

            switch (session._xl)
            {
                case XlAtTheEnd.Killed:
                    // Not even the simulated clock can tell what it would have done next.
                    using (CancellationTokenSource end = new(TimeSpan.FromSeconds(1), session._inner.Time))
                    {
                        await ((Task)inner.RunAsync(request, end.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    }

                    break;
                case XlAtTheEnd.GoesOn:
                    _ = inner.RunAsync(request, CancellationToken.None).AsTask();
                    break;
            }

            throw new KilledException();
        }
    }

    private sealed class Files(KilledSession session, IDom0Files inner) : IDom0Files
    {
        public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.ReadAsync(path, limit, cancellationToken);
        }

        public ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            session.Change($"write {path}");
            return inner.WriteOnceAsync(path, data, cancellationToken);
        }

        public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            session.Change($"replace {path}");
            return inner.ReplaceAsync(path, data, cancellationToken);
        }

        public ValueTask ComposeAsync(
            string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken)
        {
            session.Change($"compose {path}");
            return inner.ComposeAsync(path, pieces, isPacked, cancellationToken);
        }

        public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
        {
            session.Change($"delete {path}");
            return inner.DeleteAsync(path, cancellationToken);
        }

        public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken)
        {
            session.Change($"make {path}");
            return inner.CreateDirectoryAsync(path, cancellationToken);
        }

        public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.ListAsync(path, cancellationToken);
        }

        public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.ResolveAsync(path, cancellationToken);
        }

        public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.GetKindAsync(path, cancellationToken);
        }

        public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.ReadManyAsync(query, cancellationToken);
        }
    }

    private sealed class Store(KilledSession session, IXenStoreClient inner) : IXenStoreClient
    {
        public bool IsBroken => inner.IsBroken;

        public ValueTask<byte[]?> TryReadAsync(XenStorePath path, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.TryReadAsync(path, cancellationToken);
        }

        public ValueTask<IReadOnlyList<string>?> TryListAsync(XenStorePath path, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.TryListAsync(path, cancellationToken);
        }

        public ValueTask WriteAsync(XenStorePath path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
        {
            session.Change($"write {path}");
            return inner.WriteAsync(path, value, cancellationToken);
        }

        public ValueTask MakeDirectoryAsync(XenStorePath path, CancellationToken cancellationToken)
        {
            session.Change($"make {path}");
            return inner.MakeDirectoryAsync(path, cancellationToken);
        }

        public ValueTask<bool> RemoveAsync(XenStorePath path, CancellationToken cancellationToken)
        {
            session.Change($"remove {path}");
            return inner.RemoveAsync(path, cancellationToken);
        }

        public ValueTask<IReadOnlyList<XenStorePermission>> GetPermissionsAsync(XenStorePath path, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.GetPermissionsAsync(path, cancellationToken);
        }

        public ValueTask SetPermissionsAsync(
            XenStorePath path, IReadOnlyList<XenStorePermission> permissions, CancellationToken cancellationToken)
        {
            session.Change($"permissions of {path}");
            return inner.SetPermissionsAsync(path, permissions, cancellationToken);
        }

        public Task<T> TransactAsync<T>(Func<IXenStore, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.TransactAsync(
                async (tree, token) =>
                {
                    T result = await body(tree, token);
                    session.Change("commit");
                    return result;
                },
                cancellationToken);
        }

        public Task<IXenStoreWatch> WatchAsync(string path, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.WatchAsync(path, cancellationToken);
        }

        public ValueTask<XenStorePath> GetDomainPathAsync(int domid, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.GetDomainPathAsync(domid, cancellationToken);
        }

        public ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellationToken)
        {
            session.RequireAlive();
            return inner.IsDomainIntroducedAsync(domid, cancellationToken);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
