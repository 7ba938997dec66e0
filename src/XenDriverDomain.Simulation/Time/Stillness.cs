namespace XenDriverDomain.Simulation.Time;

/// <summary>What a look at the threads of the process tells about one simulated host.</summary>
internal enum Stillness
{
    /// <summary>Nothing runs and nothing is queued: whoever uses the host waits.</summary>
    Still,

    /// <summary>Nothing of the host's runs, but a thread is blocked in the middle of it, or at work for somebody unknown.</summary>
    Doubtful,

    /// <summary>Nothing of the host's runs, but there are queued work items, or threads that begin or end one just now.</summary>
    PoolMoves,

    /// <summary>Something of the host's runs.</summary>
    OwnWork,
}
