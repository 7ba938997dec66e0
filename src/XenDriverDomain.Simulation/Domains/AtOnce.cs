namespace XenDriverDomain.Simulation.Domains;

/// <summary>Takes the answer of a port of the simulated machine, which has it at once: its files never wait.</summary>
internal static class AtOnce
{
    /// <summary>The answer, or the error.</summary>
    public static T Of<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    /// <summary>Nothing, or the error.</summary>
    public static void Of(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
