using System.Text;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.XenStore;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>
/// A xenstored in memory, with the rules and the refusals of the C xenstored of Xen 4.17 (tools/xenstore/xenstored_core.c and its
/// neighbours). Clients reach it by the wire protocol, as a transport; the other parts of the simulated host by the methods here,
/// in the name of a domain. Both see the same permissions, quotas and watch events. Safe for use by several threads.
/// </summary>
/// <remarks>Refusals of the methods are <see cref="XenStoreException"/>, with the name of the errno that the wire would carry.</remarks>
internal sealed class SimulatedXenStore : IXenStoreTransport
{
    private readonly StoreState _state = new();
    private readonly SimulatedTime _time;
    private readonly IFaults _faults;
    private StoreTransaction? _transaction;
    private bool _isDead;

    /// <summary>An empty store that knows dom0 only.</summary>
    /// <param name="time">The clock that runs the callbacks of <see cref="Watch"/>.</param>
    /// <param name="faults">Decides when connections are dropped.</param>
    public SimulatedXenStore(SimulatedTime time, IFaults faults)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(faults);
        _time = time;
        _faults = faults;
    }

    /// <summary>The connection of a domain: 0 is the privileged one that a socket in dom0 gives.</summary>
    /// <param name="domid">The domain.</param>
    public IXenStoreTransport TransportOf(int domid) => new DomainTransport(this, domid);

    /// <inheritdoc/>
    public ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken) => TransportOf(0).OpenAsync(cancellationToken);

    /// <summary>The value as UTF-8 text; null when the node does not exist.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public string? Read(int domid, string path) => ReadBytes(domid, path) is { } value ? Encoding.UTF8.GetString(value) : null;

    /// <summary>The value; null when the node does not exist.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public byte[]? ReadBytes(int domid, string path) => Look(MessageType.Read, domid, path)?.Value.ToArray();

    /// <summary>Writes a text as UTF-8, and creates the node and its parents where they are missing.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    /// <param name="value">The new value.</param>
    public void Write(int domid, string path, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        WriteBytes(domid, path, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Writes a value, and creates the node and its parents where they are missing.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    /// <param name="value">The new value.</param>
    public void WriteBytes(int domid, string path, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (_state.Gate)
        {
            bool fits = path.Length + 1 + value.Length <= MessageHeader.PayloadMax;
            Check(MessageType.Write, path, fits ? OperationsOf(domid).Write(path, value) : StoreError.E2BIG);
        }
    }

    /// <summary>Creates an empty node and its parents where they are missing; one that exists is left alone.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public void MakeDirectory(int domid, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (_state.Gate)
        {
            Check(MessageType.MakeDirectory, path, OperationsOf(domid).MakeDirectory(path));
        }
    }

    /// <summary>Removes a node and all below it.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    /// <returns>False when it does not exist.</returns>
    public bool Remove(int domid, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (_state.Gate)
        {
            StoreError error = OperationsOf(domid).Remove(path, out bool removed);
            if (error != StoreError.ENOENT)
            {
                Check(MessageType.Remove, path, error);
            }

            return removed;
        }
    }

    /// <summary>The names of the children, in the order of their creation; null when the node does not exist.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public IReadOnlyList<string>? List(int domid, string path) => Look(MessageType.Directory, domid, path)?.Children;

    /// <summary>The permissions, the owner's first; null when the node does not exist.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public IReadOnlyList<XenStorePermission>? GetPermissions(int domid, string path) =>
        Look(MessageType.GetPermissions, domid, path)?.Permissions;

    /// <summary>Replaces the permissions.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    /// <param name="permissions">The new ones, the owner's first, whose access is everybody else's.</param>
    public void SetPermissions(int domid, string path, IReadOnlyList<XenStorePermission> permissions)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(permissions);
        ArgumentOutOfRangeException.ThrowIfZero(permissions.Count, nameof(permissions));
        lock (_state.Gate)
        {
            Check(MessageType.SetPermissions, path, OperationsOf(domid).SetPermissions(path, [.. permissions]));
        }
    }

    /// <summary>
    /// Makes several changes at once, as a transaction that cannot conflict: watches fire after it, and when it throws nothing of it
    /// remains.
    /// </summary>
    /// <param name="change">Makes the changes by the methods of this store, on the calling thread.</param>
    public void Transact(Action change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_state.Gate)
        {
            if (_transaction is not null)
            {
                throw new InvalidOperationException("xenstore has no nested transactions.");
            }

            StoreTransaction transaction = new(_state.Nodes);
            _transaction = transaction;
            try
            {
                change();
            }
            finally
            {
                _transaction = null;
            }

            Check(MessageType.TransactionEnd, "a transaction", transaction.Commit(_state.Watches, checkQuota: false));
        }
    }

    /// <summary>
    /// Watches a path and all below it, or a special name such as <c>@releaseDomain</c>, with dom0's rights. The callback runs as an
    /// event of the simulated world (<see cref="SimulatedTime.Schedule"/>), after the change is complete, in the order of the
    /// changes, and once at first for the path itself.
    /// </summary>
    /// <param name="path">What to watch.</param>
    /// <param name="changed">Takes the path that changed.</param>
    /// <returns>Disposing it ends the watch; events that have not run yet are dropped.</returns>
    public IDisposable Watch(string path, Action<string> changed)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(changed);
        lock (_state.Gate)
        {
            path = StorePaths.Absolute(path, StoreDomain.HomeOf(0));
            Check(MessageType.Watch, path, StorePaths.IsSpecial(path) || StorePaths.IsValid(path) ? StoreError.None : StoreError.EINVAL);
            return new HostWatch(_state, _time, path, changed);
        }
    }

    /// <summary>Makes a domain known; <c>@introduceDomain</c> fires.</summary>
    /// <param name="domid">The domain.</param>
    public void Introduce(int domid)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(domid);
        lock (_state.Gate)
        {
            _state.Introduce(_state.Domains.Get(domid));
        }
    }

    /// <summary>
    /// A domain has shut down or crashed, and may stay: <c>@releaseDomain</c> fires then as it does again when the domain is gone
    /// (xenstored asks Xen about every domain at VIRQ_DOM_EXC; tools/xenstore/xenstored_domain.c, check_domain).
    /// </summary>
    public void TellShutDown()
    {
        lock (_state.Gate)
        {
            _state.Watches.FireSpecial("@releaseDomain");
        }
    }

    /// <summary>Forgets a domain, its connections and their watches. The nodes that it owns go as well, wherever they are, and its
    /// permissions for the nodes of others; <c>@releaseDomain</c> fires.</summary>
    /// <param name="domid">The domain.</param>
    /// <returns>False when it is not known.</returns>
    public bool Release(int domid)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(domid, 1);
        lock (_state.Gate)
        {
            if (_state.Domains.FindIntroduced(domid) is not { } domain)
            {
                return false;
            }

            _state.Release(domain);
            return true;
        }
    }

    /// <summary>Ends all connections that were opened so far, as a xenstored that is restarted does.</summary>
    public void DropConnections()
    {
        lock (_state.Gate)
        {
            foreach (StoreConnection connection in _state.Connections.ToArray())
            {
                connection.Drop();
            }
        }
    }

    /// <summary>dom0, in which xenstored runs, is gone: all connections end, and there is never one again.</summary>
    internal void Die()
    {
        lock (_state.Gate)
        {
            _isDead = true;
            DropConnections();
        }
    }

    /// <summary>dom0 has booted anew: all connections end, and nothing is there but what xenstored makes itself.</summary>
    internal void Restart()
    {
        lock (_state.Gate)
        {
            DropConnections();
            _state.Clear();
            _isDead = false;
        }
    }

    /// <summary>Opens a connection of a domain.</summary>
    internal IXenStoreChannel Open(int domid)
    {
        lock (_state.Gate)
        {
            if (_isDead)
            {
                throw Files.SimulatedFiles.Lost();
            }

            StoreDomain domain = _state.Domains.FindIntroduced(domid)
                ?? throw new InvalidOperationException($"xenstored has no connection to domain {domid}: it was not introduced.");
            return new StoreConnection(_state, domain, _time, _faults);
        }
    }

    private NodeRequests OperationsOf(int domid) => _state.OperationsOf(_state.Domains.Get(domid), _transaction);

    private StoreNode? Look(MessageType what, int domid, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (_state.Gate)
        {
            StoreError error = OperationsOf(domid).Find(path, XenStoreAccess.Read, out StoreNode? node, out _);
            if (error != StoreError.ENOENT)
            {
                Check(what, path, error);
            }

            return node;
        }
    }

    private static void Check(MessageType what, string path, StoreError error)
    {
        if (error != StoreError.None)
        {
            throw new XenStoreException(what.ToWords(), path, error.ToString());
        }
    }
}
