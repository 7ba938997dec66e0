using System.Globalization;
using XenDriverDomain.Errors;
using XenDriverDomain.XenStore.Wire;

namespace XenDriverDomain.XenStore.Client;

/// <summary>
/// A watch of a connection. Events that nobody has taken are kept once a path and up to a bound; beyond it they become one event
/// for the watched path itself, which tells its reader to look at everything again.
/// </summary>
internal sealed class XenStoreWatch(XenStoreConnection connection, string path, uint token) : IXenStoreWatch
{
    private readonly object _gate = new();
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();
    private Func<Exception>? _end;

    public string Path => path;

    public uint Number => token;

    /// <summary>The token on the wire.</summary>
    public string Token { get; } = token.ToString(CultureInfo.InvariantCulture);

    public async ValueTask<string> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_end is { } end)
                {
                    throw end();
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (_order.TryDequeue(out string? next))
                {
                    _paths.Remove(next);
                    return next;
                }

                if (_changed.Task.IsCompleted)
                {
                    _changed = NewSignal();
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes an event from the connection.</summary>
    public void Offer(string changedPath)
    {
        lock (_gate)
        {
            if (_end is not null || _paths.Contains(changedPath))
            {
                return;
            }

            if (_paths.Count >= connection.Options.MaxPendingEvents)
            {
                _order.Clear();
                _paths.Clear();
                changedPath = path;
            }

            _order.Enqueue(changedPath);
            _paths.Add(changedPath);
            _changed.TrySetResult();
        }
    }

    /// <summary>Makes every wait, now and later, end with an error.</summary>
    public void End(Func<Exception> end)
    {
        lock (_gate)
        {
            _end ??= end;
            _order.Clear();
            _paths.Clear();
            _changed.TrySetResult();
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return ValueTask.CompletedTask;
            }

            End(() => new ObjectDisposedException(nameof(IXenStoreWatch)));
        }

        // Not waited for: the request is in line, and whoever was cancelled must not wait for a server that is silent.
        _ = UnregisterAsync();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the watch off the server; a connection that is gone has done so already.</summary>
    public async Task UnregisterAsync()
    {
        connection.RemoveWatch(token);
        try
        {
            await connection.RequestAsync(
                MessageType.Unwatch, 0, path, PayloadWriter.Strings(path, Token), CancellationToken.None).ConfigureAwait(false);
        }
        catch (XenDriverDomainException)
        {
            // The connection ended, and its watches with it.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
