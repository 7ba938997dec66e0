using XenDriverDomain.Access;
using XenDriverDomain.Simulation.Faults;
using XenDriverDomain.Simulation.Time;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.XenStore;

/// <summary>
/// A xenstored in memory, with the rules and the refusals of the C xenstored of Xen 4.17 (tools/xenstore/xenstored_core.c and its
/// neighbours). Clients reach it by the wire protocol, as a transport; the other parts of the simulated host by the methods here,
/// in the name of a domain. Both see the same permissions, quotas and watch events. Safe for use by several threads.
/// </summary>
/// <remarks>Refusals of the methods are <see cref="XenStoreException"/>, with the name of the errno that the wire would carry.</remarks>
public sealed class SimulatedXenStore : IXenStoreTransport
{
    /// <summary>An empty store that knows dom0 only.</summary>
    /// <param name="time">The clock that runs the callbacks of <see cref="Watch"/>.</param>
    /// <param name="faults">Decides when connections are dropped.</param>
    public SimulatedXenStore(SimulatedTime time, IFaults faults)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(faults);
    }

    /// <summary>The connection of a domain: 0 is the privileged one that a socket in dom0 gives.</summary>
    /// <param name="domid">The domain.</param>
    public IXenStoreTransport TransportOf(int domid) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<IXenStoreChannel> OpenAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The value as UTF-8 text; null when the node does not exist.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public string? Read(int domid, string path) => throw new NotImplementedException();

    /// <summary>The value; null when the node does not exist.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public byte[]? ReadBytes(int domid, string path) => throw new NotImplementedException();

    /// <summary>Writes a text as UTF-8, and creates the node and its parents where they are missing.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    /// <param name="value">The new value.</param>
    public void Write(int domid, string path, string value) => throw new NotImplementedException();

    /// <summary>Writes a value, and creates the node and its parents where they are missing.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    /// <param name="value">The new value.</param>
    public void WriteBytes(int domid, string path, ReadOnlySpan<byte> value) => throw new NotImplementedException();

    /// <summary>Creates an empty node and its parents where they are missing; one that exists is left alone.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public void MakeDirectory(int domid, string path) => throw new NotImplementedException();

    /// <summary>Removes a node and all below it.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    /// <returns>False when it does not exist.</returns>
    public bool Remove(int domid, string path) => throw new NotImplementedException();

    /// <summary>The names of the children, in the order of their creation; null when the node does not exist.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public IReadOnlyList<string>? List(int domid, string path) => throw new NotImplementedException();

    /// <summary>The permissions, the owner's first; null when the node does not exist.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    public IReadOnlyList<XenStorePermission>? GetPermissions(int domid, string path) => throw new NotImplementedException();

    /// <summary>Replaces the permissions.</summary>
    /// <param name="domid">In whose name; its home is where relative paths begin.</param>
    /// <param name="path">The node.</param>
    /// <param name="permissions">The new ones, the owner's first, whose access is everybody else's.</param>
    public void SetPermissions(int domid, string path, IReadOnlyList<XenStorePermission> permissions) =>
        throw new NotImplementedException();

    /// <summary>
    /// Makes several changes at once, as a transaction that cannot conflict: watches fire after it, and when it throws nothing of it
    /// remains.
    /// </summary>
    /// <param name="change">Makes the changes by the methods of this store, on the calling thread.</param>
    public void Transact(Action change) => throw new NotImplementedException();

    /// <summary>
    /// Watches a path and all below it, or a special name such as <c>@releaseDomain</c>, with dom0's rights. The callback runs as an
    /// event of the simulated world (<see cref="SimulatedTime.Schedule"/>), after the change is complete, in the order of the
    /// changes, and once at first for the path itself.
    /// </summary>
    /// <param name="path">What to watch.</param>
    /// <param name="changed">Takes the path that changed.</param>
    /// <returns>Disposing it ends the watch; events that have not run yet are dropped.</returns>
    public IDisposable Watch(string path, Action<string> changed) => throw new NotImplementedException();

    /// <summary>Makes a domain known; <c>@introduceDomain</c> fires.</summary>
    /// <param name="domid">The domain.</param>
    public void Introduce(int domid) => throw new NotImplementedException();

    /// <summary>Forgets a domain, its connections and watches; <c>@releaseDomain</c> fires. Its nodes stay, as dom0's.</summary>
    /// <param name="domid">The domain.</param>
    /// <returns>False when it is not known.</returns>
    public bool Release(int domid) => throw new NotImplementedException();

    /// <summary>Ends all connections that were opened so far, as a xenstored that is restarted does.</summary>
    public void DropConnections() => throw new NotImplementedException();
}
