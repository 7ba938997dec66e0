using System.Globalization;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.XenStore.Client;

/// <summary>
/// A client of xenstored's wire protocol (docs/misc/xenstore.txt, xen/include/public/io/xs_wire.h), for the C xenstored and for
/// oxenstored. Errors of every call: <see cref="XenStoreException"/> when xenstored refuses; XenStoreRequestTooLarge before
/// anything is sent; XenStoreProtocolError, XenStoreNoReply or XenStoreConnectionLost when the connection ended, after which
/// every call fails in the same way.
/// </summary>
internal sealed partial class XenStoreClient : IXenStoreClient
{
    private readonly XenStoreConnection _connection;
    private readonly NodeOperations _nodes;

    private XenStoreClient(XenStoreConnection connection)
    {
        _connection = connection;
        _nodes = new NodeOperations(connection, 0);
    }

    /// <inheritdoc/>
    public bool IsBroken => _connection.IsBroken;

    /// <summary>Opens a connection of its own.</summary>
    /// <param name="transport">The way to xenstored.</param>
    /// <param name="time">The clock of time-outs and back-offs.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async ValueTask<XenStoreClient> ConnectAsync(
        IXenStoreTransport transport, TimeProvider time, XenStoreOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(time);
        options ??= new XenStoreOptions();
        options.Validate();
        IXenStoreChannel channel = await transport.OpenAsync(cancellationToken).ConfigureAwait(false);
        return new XenStoreClient(new XenStoreConnection(channel, time, options));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> TryReadAsync(XenStorePath path, CancellationToken cancellationToken) =>
        _nodes.TryReadAsync(path, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>?> TryListAsync(XenStorePath path, CancellationToken cancellationToken) =>
        _nodes.TryListAsync(path, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(XenStorePath path, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        _nodes.WriteAsync(path, value, cancellationToken);

    /// <inheritdoc/>
    public ValueTask MakeDirectoryAsync(XenStorePath path, CancellationToken cancellationToken) =>
        _nodes.MakeDirectoryAsync(path, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Whether the node was there is read just before the removal, in the same breath but not atomically: when somebody else
    /// creates or removes it in between, the answer is about the moment before.
    /// </remarks>
    public ValueTask<bool> RemoveAsync(XenStorePath path, CancellationToken cancellationToken) =>
        _nodes.RemoveAsync(path, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<XenStorePermission>> GetPermissionsAsync(
        XenStorePath path, CancellationToken cancellationToken) =>
        _nodes.GetPermissionsAsync(path, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetPermissionsAsync(
        XenStorePath path, IReadOnlyList<XenStorePermission> permissions, CancellationToken cancellationToken) =>
        _nodes.SetPermissionsAsync(path, permissions, cancellationToken);

    /// <inheritdoc/>
    public async Task<T> TransactAsync<T>(Func<IXenStore, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        int attempts = _connection.Options.TransactionAttempts;
        for (int attempt = 1; attempt <= attempts; attempt++)
        {
            if (attempt > 1)
            {
                await Task.Delay(BackOff(attempt), _connection.Time, cancellationToken).ConfigureAwait(false);
            }

            XenStoreTransaction transaction = await StartAsync(cancellationToken).ConfigureAwait(false);
            T result;
            try
            {
                result = await body(transaction, cancellationToken).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (XenStoreException e) when (attempt < attempts && IsTorn(e))
            {
                await GiveUpAsync(transaction, cancellationToken).ConfigureAwait(false);
                continue;
            }
            catch
            {
                await GiveUpAsync(transaction, cancellationToken).ConfigureAwait(false);
                throw;
            }

            transaction.End();
            if (await CommitAsync(transaction.Id, cancellationToken).ConfigureAwait(false))
            {
                return result;
            }
        }

        throw XenStoreErrors.Conflict(attempts);
    }

    // The C xenstored shows a transaction each node as it was when it was first asked for: one that was seen then has no parent any more
    // when somebody has removed both since, and cannot be removed (xenstored_core.c, rm_node). A conflict, found before the commit.
    private static bool IsTorn(XenStoreException e) => e.Error == "EINVAL" && e.Operation == MessageType.Remove.ToWords();

    private async Task GiveUpAsync(XenStoreTransaction transaction, CancellationToken cancellationToken)
    {
        transaction.End();
        await AbortAsync(transaction.Id).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async Task<IXenStoreWatch> WatchAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        path = XenStorePath.Parse(path).ToString();
        cancellationToken.ThrowIfCancellationRequested();
        XenStoreWatch watch = _connection.AddWatch(path);

        // The request itself is never cancelled: a watch that xenstored has and nobody knows would send its events for ever.
        Task<Reply> registering = _connection.RequestAsync(
            MessageType.Watch, 0, path, PayloadWriter.Strings(path, watch.Token), CancellationToken.None);
        Reply reply;
        try
        {
            reply = await registering.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await watch.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        if (reply.Error is not null)
        {
            watch.End(() => new ObjectDisposedException(nameof(IXenStoreWatch)));
            _connection.RemoveWatch(watch.Number);
            throw new XenStoreException(MessageType.Watch.ToWords(), path, reply.Error);
        }

        CheckAcknowledged(MessageType.Watch, path, reply);
        return watch;
    }

    /// <inheritdoc/>
    public async ValueTask<XenStorePath> GetDomainPathAsync(int domid, CancellationToken cancellationToken)
    {
        Reply reply = await AskDomainAsync(MessageType.GetDomainPath, domid, cancellationToken).ConfigureAwait(false);
        return PayloadReader.TryReadPath(reply.Payload, out XenStorePath path)
            ? path
            : throw _connection.Break($"no path in reply to the request for the path of domain {domid}");
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsDomainIntroducedAsync(int domid, CancellationToken cancellationToken)
    {
        Reply reply = await AskDomainAsync(MessageType.IsDomainIntroduced, domid, cancellationToken).ConfigureAwait(false);
        return PayloadReader.TryReadBoolean(reply.Payload, out bool introduced)
            ? introduced
            : throw _connection.Break($"neither T nor F in reply to the question whether domain {domid} is introduced");
    }

    /// <summary>Closes the connection; what still waits for a reply fails with XenStoreConnectionLost.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static TimeSpan BackOff(int attempt)
    {
        // Doubles up to 100 ms, halved by chance so that two rivals do not meet again and again.
        double most = Math.Min(100, Math.Pow(2, attempt - 1));
        return TimeSpan.FromMilliseconds(most * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    private async Task<XenStoreTransaction> StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<uint> starting = StartOnServerAsync();
        try
        {
            return new XenStoreTransaction(_connection, await starting.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The server may open it all the same; left open it would count against the connection.
            _ = AbortWhenStartedAsync(starting);
            throw;
        }
    }

    private async Task<uint> StartOnServerAsync()
    {
        Reply reply = await _connection.RequestAsync(
            MessageType.TransactionStart, 0, "a transaction", PayloadWriter.Strings(), CancellationToken.None).ConfigureAwait(false);
        if (reply.Error is not null)
        {
            throw new XenStoreException(MessageType.TransactionStart.ToWords(), "a transaction", reply.Error);
        }

        return PayloadReader.TryReadNumber(reply.Payload, out uint id) && id != 0
            ? id
            : throw _connection.Break("no id in reply to the start of a transaction");
    }

    private async Task AbortWhenStartedAsync(Task<uint> starting)
    {
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
        {
            await AbortAsync(await starting.ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    private async Task<bool> CommitAsync(uint transaction, CancellationToken cancellationToken)
    {
        Reply reply = await EndAsync(transaction, commit: true, cancellationToken).ConfigureAwait(false);
        switch (reply.Error)
        {
            case null:
                CheckAcknowledged(MessageType.TransactionEnd, "a transaction", reply);
                return true;
            case "EAGAIN":
                return false;
            default:
                throw new XenStoreException(MessageType.TransactionEnd.ToWords(), "a transaction", reply.Error);
        }
    }

    private async Task AbortAsync(uint transaction)
    {
        try
        {
            await EndAsync(transaction, commit: false, CancellationToken.None).ConfigureAwait(false);
        }
        catch (XenDriverDomainException)
        {
            // The connection ended, and the transaction with it. What made the body fail is the error to tell.
        }
    }

    private Task<Reply> EndAsync(uint transaction, bool commit, CancellationToken cancellationToken) =>
        _connection.RequestAsync(
            MessageType.TransactionEnd, transaction, "a transaction", PayloadWriter.Strings(commit ? "T" : "F"), cancellationToken);

    private async Task<Reply> AskDomainAsync(MessageType type, int domid, CancellationToken cancellationToken)
    {
        (string text, string subject) = DomainText(domid);
        Reply reply = await _connection.RequestAsync(type, 0, subject, PayloadWriter.Strings(text), cancellationToken)
            .ConfigureAwait(false);
        return reply.Error is null ? reply : throw new XenStoreException(type.ToWords(), subject, reply.Error);
    }

    private static (string Number, string Subject) DomainText(int domid)
    {
        // DOMID_FIRST_RESERVED is also DOMID_SELF (xen/include/public/xen.h); what lies beyond is no domain.
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)domid, 0x7FF0u, nameof(domid));
        string number = domid.ToString(CultureInfo.InvariantCulture);
        return (number, $"domain {number}");
    }

    private void CheckAcknowledged(MessageType type, string subject, Reply reply)
    {
        if (!PayloadReader.IsAcknowledgement(reply.Payload))
        {
            throw _connection.Break($"no acknowledgement in reply to the request to {type.ToWords()} {subject}");
        }
    }
}
