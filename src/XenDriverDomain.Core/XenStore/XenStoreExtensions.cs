using System.Text;

namespace XenDriverDomain.XenStore;

/// <summary>What nearly every reader of xenstore needs on top of the bare operations.</summary>
public static class XenStoreExtensions
{
    /// <summary>A node as text, or null when it does not exist. Guests write arbitrary bytes; show it only through Terminal.Text.</summary>
    public static async ValueTask<string?> TryReadTextAsync(
        this IXenStore store, XenStorePath path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[]? value = await store.TryReadAsync(path, cancellationToken).ConfigureAwait(false);
        return value is null ? null : Encoding.UTF8.GetString(value);
    }

    /// <summary>A node as a non-negative decimal number; null when it is missing or is none.</summary>
    public static async ValueTask<int?> TryReadNumberAsync(
        this IXenStore store, XenStorePath path, CancellationToken cancellationToken)
    {
        string? text = await store.TryReadTextAsync(path, cancellationToken).ConfigureAwait(false);
        return int.TryParse(
            text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
    }

    /// <summary>Writes text as UTF-8 without a terminator.</summary>
    public static ValueTask WriteTextAsync(
        this IXenStore store, XenStorePath path, string value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.WriteAsync(path, Encoding.UTF8.GetBytes(value), cancellationToken);
    }

    /// <summary>
    /// Waits until <paramref name="look"/> returns something else than null, looking once at the start and again after each event
    /// under one of <paramref name="paths"/>. Returns null when <paramref name="timeout"/> passes first: whether that is a failure,
    /// and which, is for the caller to say.
    /// </summary>
    /// <param name="store">The connection.</param>
    /// <param name="paths">What to watch: everything that <paramref name="look"/> depends on.</param>
    /// <param name="look">Reads the state; null means "not yet". It must obey its token, which also ends at the time-out.</param>
    /// <param name="timeout">How long to wait; zero looks just once, <see cref="Timeout.InfiniteTimeSpan"/> waits until cancelled.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait with an OperationCanceledException.</param>
    public static async Task<T?> WaitUntilAsync<T>(
        this IXenStoreClient store,
        IReadOnlyList<string> paths,
        Func<CancellationToken, ValueTask<T?>> look,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(look);
        if (timeout == TimeSpan.Zero)
        {
            return await look(cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        List<IXenStoreWatch> watches = [];
        List<Task> pending = [];
        try
        {
            // Watching comes before looking, or a change between the two would be missed.
            foreach (string path in paths)
            {
                watches.Add(await store.WatchAsync(path, both.Token).ConfigureAwait(false));
            }

            foreach (IXenStoreWatch watch in watches)
            {
                pending.Add(watch.NextAsync(both.Token).AsTask());
            }

            // Keeps the wait a wait when there is nothing to watch.
            pending.Add(Task.Delay(Timeout.InfiniteTimeSpan, both.Token));
            while (true)
            {
                T? seen = await look(both.Token).ConfigureAwait(false);
                if (seen is not null)
                {
                    return seen;
                }

                await Task.WhenAny(pending).ConfigureAwait(false);

                // All that have fired are taken together: one look serves them.
                for (int i = 0; i < pending.Count; i++)
                {
                    if (pending[i].IsCompleted)
                    {
                        await pending[i].ConfigureAwait(false);
                        pending[i] = watches[i].NextAsync(both.Token).AsTask();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await both.CancelAsync().ConfigureAwait(false);
            foreach (Task task in pending)
            {
                // Observed so that nothing is left to surface on a finaliser; each ends by the cancellation above.
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            foreach (IXenStoreWatch watch in watches)
            {
                await watch.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The text of a node that must be there.</summary>
    /// <exception cref="XenStoreException">ENOENT: it is not.</exception>
    public static async ValueTask<string> ReadTextAsync(
        this IXenStore store, XenStorePath path, CancellationToken cancellationToken) =>
        await store.TryReadTextAsync(path, cancellationToken).ConfigureAwait(false)
        ?? throw new XenStoreException("read", path.ToString(), "ENOENT");
}
