using XenDriverDomain.XenStore;
using XenDriverDomain.Xl;

namespace XenDriverDomain.Domains;

/// <summary>
/// Looks, beside something that waits for domains, whether they run at all: one that is paused or has ended will not bring about what is
/// waited for, and nothing in xenstore changes when that happens.
/// </summary>
/// <param name="store">The host's xenstore, which tells when a domain has ended (a crash counts), but not when one is paused.</param>
/// <param name="xl">Its xl.</param>
/// <param name="time">The clock.</param>
internal sealed class DomainVigil(IXenStoreClient store, XlTool xl, TimeProvider time)
{
    // Most waits are over by then, and cost no process.
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);

    /// <summary>Does the work; ends it when a verdict on the states comes before its end.</summary>
    /// <param name="work">Waits. It cleans up after itself when its token ends it.</param>
    /// <param name="judge">The result of the work when there is no point in going on with it; null when there is.</param>
    /// <param name="cancellationToken">Ends both.</param>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> work, Func<DomainStates, T?> judge, CancellationToken cancellationToken)
        where T : class
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T> working = work(end.Token);
        Task<T> looking = LookAsync(judge, end.Token);
        try
        {
            // That looking failed is no reason to end the work, which meets the same trouble if it matters.
            if (await Task.WhenAny(working, looking).ConfigureAwait(false) == looking && looking.IsCompletedSuccessfully)
            {
                await end.CancelAsync().ConfigureAwait(false);
                await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return await looking.ConfigureAwait(false);
            }

            return await working.ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)looking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<T> LookAsync<T>(Func<DomainStates, T?> judge, CancellationToken cancellationToken)
        where T : class
    {
        await Task.Delay(s_first, time, cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IXenStoreWatch ended = await store.WatchAsync("@releaseDomain", end.Token).ConfigureAwait(false);
        await using (ended.ConfigureAwait(false))
        {
            // A watch fires once at once, so the first look comes now.
            Task<string> next = ended.NextAsync(end.Token).AsTask();
            try
            {
                while (true)
                {
                    await Task.WhenAny(next, Task.Delay(s_every, time, end.Token)).ConfigureAwait(false);
                    end.Token.ThrowIfCancellationRequested();
                    if (next.IsCompleted)
                    {
                        await next.ConfigureAwait(false);
                        next = ended.NextAsync(end.Token).AsTask();
                    }

                    if (judge(await DomainStates.ReadAsync(xl, end.Token).ConfigureAwait(false)) is { } verdict)
                    {
                        return verdict;
                    }
                }
            }
            finally
            {
                await end.CancelAsync().ConfigureAwait(false);
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
