namespace XenDriverDomain.Simulation.Domains;

/// <summary>
/// Waits of those who live in the simulated world. They end in an event and whoever waits goes on within that event, so that he
/// stays among the events and needs no lock.
/// </summary>
internal static class Waits
{
    /// <summary>Waits for some time.</summary>
    public static Task PauseAsync(this World world, TimeSpan time, CancellationToken cancellationToken) =>
        world.UntilAsync([], () => false, time, cancellationToken);

    /// <summary>Waits until a condition holds, looking each time one of the paths has changed in xenstore.</summary>
    /// <returns>False when the time was over.</returns>
    public static async Task<bool> UntilAsync(
        this World world, IReadOnlyList<string> paths, Func<bool> condition, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // Deliberately not RunContinuationsAsynchronously: see above.
        TaskCompletionSource<bool> done = new();
        using CancellationTokenRegistration killed = cancellationToken.Register(() => done.TrySetCanceled(cancellationToken));
        using IDisposable over = world.Time.Schedule(timeout, () => done.TrySetResult(false));
        List<IDisposable> watches = [];
        try
        {
            foreach (string path in paths)
            {
                watches.Add(world.Store.Watch(path, _ =>
                {
                    if (!done.Task.IsCompleted && condition())
                    {
                        done.TrySetResult(true);
                    }
                }));
            }

            return await done.Task.ConfigureAwait(false);
        }
        finally
        {
            watches.ForEach(w => w.Dispose());
        }
    }
}
