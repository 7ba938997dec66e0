using System.Text;
using XenDriverDomain.Access;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Tests.Support;

/// <summary>
/// A host's ports, as a session has them, with every change counted that goes through: one of them can fail, or one and all after it, as
/// when the process is killed; and something else can happen on the host right before one or after it. What xl does by itself does not
/// come by here.
/// </summary>
internal sealed class WatchedPorts : IDom0Files, IDom0Commands
{
    private readonly Lock _lock = new();
    private readonly Dom0 _real;
    private int _failAt;
    private int _watchCount;
    private bool _forEver;

    public WatchedPorts(Dom0 real)
    {
        _real = real;
        Dom0 = new Dom0(
            real.Id,
            this,
            this,
            real.XenStoreTransport,
            async (_, token) => new WatchedStore(this, await real.GetXenStoreAsync(token)),
            real.Time,
            real)
        {
            Lock = real.Lock,
        };
    }

    /// <summary>The host with these ports.</summary>
    public Dom0 Dom0 { get; }

    /// <summary>
    /// What was tried, in order: <c>PATH=TEXT</c>, <c>write NODE</c>, <c>rm NODE</c>, <c>mkdir NODE</c>, <c>xl ARGUMENTS</c>.
    /// </summary>
    public List<string> Changes { get; } = [];

    /// <summary>How many changes were tried.</summary>
    public int Count => Changes.Count;

    /// <summary>The runs of xl that do more than look, as command lines without its name.</summary>
    public List<string> Runs { get; } = [];

    /// <summary>Called before a change, and before a commit with <c>commit</c>; may throw.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Called after a change, and after a transaction with <c>commit</c>.</summary>
    public Action<string>? After { get; set; }

    /// <summary>Which files take a write and do nothing.</summary>
    public HashSet<string> Deaf { get; } = [];

    /// <summary>Domains that xenstored is said not to know.</summary>
    public HashSet<int> Unknown { get; } = [];

    /// <summary>Answers for a program, as the host would not: null lets it run.</summary>
    public Func<CommandRequest, Task<CommandResult?>>? OnRun { get; set; }

    /// <summary>The ordinary files that were replaced, in order.</summary>
    public List<string> Replaced { get; } = [];

    /// <summary>The patterns of what was looked at in bulk.</summary>
    public List<string> Looks { get; } = [];

    /// <summary>How many watches are registered now.</summary>
    public int WatchCount => _watchCount;

    /// <summary>Begins to count anew.</summary>
    /// <param name="failAt">The change that fails, counted from 1; 0 for none.</param>
    /// <param name="forEver">True when every change after that one fails as well.</param>
    public void Reset(int failAt = 0, bool forEver = false)
    {
        Changes.Clear();
        _failAt = failAt;
        _forEver = forEver;
    }

    public ValueTask<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken) =>
        _real.Files.ReadAsync(path, limit, cancellationToken);

    public async ValueTask WriteOnceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        string change = $"{path}={Encoding.Latin1.GetString(data.Span)}";
        if (Strikes(change))
        {
            throw new HostFileException("write", path, Errno.EIO, "sabotaged");
        }

        if (!Deaf.Contains(path))
        {
            await _real.Files.WriteOnceAsync(path, data, cancellationToken);
        }

        After?.Invoke(change);
    }

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Replaced.Add(path);
        return _real.Files.ReplaceAsync(path, data, cancellationToken);
    }

    public ValueTask ComposeAsync(
        string path, IReadOnlyList<FilePiece> pieces, bool isPacked, CancellationToken cancellationToken)
    {
        Replaced.Add(path);
        return _real.Files.ComposeAsync(path, pieces, isPacked, cancellationToken);
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => _real.Files.DeleteAsync(path, cancellationToken);

    public ValueTask CreateDirectoryAsync(string path, CancellationToken cancellationToken) =>
        _real.Files.CreateDirectoryAsync(path, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) =>
        _real.Files.ListAsync(path, cancellationToken);

    public ValueTask<string?> ResolveAsync(string path, CancellationToken cancellationToken) =>
        _real.Files.ResolveAsync(path, cancellationToken);

    public ValueTask<HostFileKind> GetKindAsync(string path, CancellationToken cancellationToken) =>
        _real.Files.GetKindAsync(path, cancellationToken);

    public ValueTask<BulkAnswer> ReadManyAsync(BulkQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Looks.AddRange([.. query.Files, .. query.Links, .. query.Names]);
        }

        return _real.Files.ReadManyAsync(query, cancellationToken);
    }

    public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        string line = string.Join(' ', request.Arguments);
        bool isXl = request.Program is "xl" || request.Program.EndsWith("/xl", StringComparison.Ordinal);
        if (isXl && !request.OnlyLooks)
        {
            Runs.Add(line);
            if (Strikes($"xl {line}"))
            {
                return new CommandResult(1, string.Empty, "libxl: error: libxl_pci.c:1:test: sabotaged\n");
            }
        }

        CommandResult? instead = OnRun is null ? null : await OnRun(request);
        CommandResult result = instead ?? await _real.Commands.RunAsync(request, cancellationToken);
        if (isXl && !request.OnlyLooks)
        {
            After?.Invoke($"xl {line}");
        }

        return result;
    }

    /// <summary>True when the change that is about to be made must fail.</summary>
    private bool Strikes(string change)
    {
        Before?.Invoke(change);
        lock (_lock)
        {
            Changes.Add(change);
            return _failAt > 0 && (_forEver ? Count >= _failAt : Count == _failAt);
        }
    }

    private class WatchedTree(WatchedPorts ports, IXenStore real) : IXenStore
    {
        public ValueTask<byte[]?> TryReadAsync(XenStorePath path, CancellationToken cancellationToken) =>
            real.TryReadAsync(path, cancellationToken);

        public ValueTask<IReadOnlyList<string>?> TryListAsync(XenStorePath path, CancellationToken cancellationToken) =>
            real.TryListAsync(path, cancellationToken);

        public async ValueTask WriteAsync(XenStorePath path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
        {
            Change("write", path);
            await real.WriteAsync(path, value, cancellationToken);
            ports.After?.Invoke($"write {path}");
        }

        public async ValueTask MakeDirectoryAsync(XenStorePath path, CancellationToken cancellationToken)
        {
            Change("mkdir", path);
            await real.MakeDirectoryAsync(path, cancellationToken);
            ports.After?.Invoke($"mkdir {path}");
        }

        public async ValueTask<bool> RemoveAsync(XenStorePath path, CancellationToken cancellationToken)
        {
            Change("rm", path);
            bool wasThere = await real.RemoveAsync(path, cancellationToken);
            ports.After?.Invoke($"rm {path}");
            return wasThere;
        }

        public ValueTask<IReadOnlyList<XenStorePermission>> GetPermissionsAsync(XenStorePath path, CancellationToken cancellationToken) =>
            real.GetPermissionsAsync(path, cancellationToken);

        public ValueTask SetPermissionsAsync(
            XenStorePath path, IReadOnlyList<XenStorePermission> permissions, CancellationToken cancellationToken) =>
            real.SetPermissionsAsync(path, permissions, cancellationToken);

        private void Change(string operation, XenStorePath path)
        {
            if (ports.Strikes($"{operation} {path}"))
            {
                throw new XenStoreException(operation, path.ToString(), "EIO");
            }
        }
    }

    private sealed class CountedWatch(WatchedPorts ports, IXenStoreWatch real) : IXenStoreWatch
    {
        public ValueTask<string> NextAsync(CancellationToken cancellationToken) => real.NextAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await real.DisposeAsync();
            Interlocked.Decrement(ref ports._watchCount);
        }
    }

    private sealed class WatchedStore(WatchedPorts ports, IXenStoreClient real) : WatchedTree(ports, real), IXenStoreClient
    {
        private readonly WatchedPorts _ports = ports;
        private readonly IXenStoreClient _real = real;

        public bool IsBroken => _real.IsBroken;

        public async Task<T> TransactAsync<T>(Func<IXenStore, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
        {
            T committed = await _real.TransactAsync(
                async (tree, token) =>
                {
                    T result = await body(new WatchedTree(_ports, tree), token);
                    _ports.Before?.Invoke("commit");
                    return result;
                },
                cancellationToken);
            _ports.After?.Invoke("commit");
            return committed;
        }

        public async Task<IXenStoreWatch> WatchAsync(string path, CancellationToken cancellationToken)
        {
            IXenStoreWatch watch = await _real.WatchAsync(path, cancellationToken);
            Interlocked.Increment(ref _ports._watchCount);
            return new CountedWatch(_ports, watch);
        }

        public ValueTask<XenStorePath> GetDomainPathAsync(int domid, CancellationToken cancellationToken) =>
            _real.GetDomainPathAsync(domid, cancellationToken);

        public ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellationToken) =>
            _ports.Unknown.Contains(domid) ? ValueTask.FromResult(false) : _real.IsDomainIntroducedAsync(domid, cancellationToken);

        // The connection belongs to the host below.
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
