namespace XenDriverDomain.Waiting;

/// <summary>
/// Waits for several reads that are on their way at once. All are waited for even when one fails, so that nothing is left running; the
/// first failure is thrown then.
/// </summary>
internal static class Together
{
    /// <summary>What both give.</summary>
    public static async Task<(T1, T2)> AllAsync<T1, T2>(Task<T1> first, Task<T2> second)
    {
        await Task.WhenAll(first, second).ConfigureAwait(false);
        return (await first.ConfigureAwait(false), await second.ConfigureAwait(false));
    }

    /// <summary>What all three give.</summary>
    public static async Task<(T1, T2, T3)> AllAsync<T1, T2, T3>(Task<T1> first, Task<T2> second, Task<T3> third)
    {
        await Task.WhenAll(first, second, third).ConfigureAwait(false);
        return (await first.ConfigureAwait(false), await second.ConfigureAwait(false), await third.ConfigureAwait(false));
    }

    /// <summary>What all four give.</summary>
    public static async Task<(T1, T2, T3, T4)> AllAsync<T1, T2, T3, T4>(Task<T1> first, Task<T2> second, Task<T3> third, Task<T4> fourth)
    {
        await Task.WhenAll(first, second, third, fourth).ConfigureAwait(false);
        return (
            await first.ConfigureAwait(false),
            await second.ConfigureAwait(false),
            await third.ConfigureAwait(false),
            await fourth.ConfigureAwait(false));
    }
}
