using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Faults;

/// <summary>
/// What goes wrong in the simulated dom0: each part asks at the one place where its fault can strike. An implementation counts by
/// itself, is asked exactly once for each occasion, and is safe for use by several threads.
/// </summary>
internal interface IFaults
{
    /// <summary>Asked before a file is written (a sysfs store, a replacement, a deletion).</summary>
    /// <param name="path">The absolute path in dom0.</param>
    /// <returns>The errno that the write fails with; null lets it through.</returns>
    Errno? OnWrite(string path);

    /// <summary>Asked before a program runs.</summary>
    /// <param name="program">The program's name without its directory.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What befalls it; null lets it run.</returns>
    ProgramFault? OnRun(string program, IReadOnlyList<string> arguments);

    /// <summary>Asked for each request that reaches xenstored over a connection, before it is carried out.</summary>
    /// <returns>True when xenstored drops the connection instead of answering.</returns>
    bool OnStoreRequest();
}

/// <summary>A dom0 where nothing goes wrong.</summary>
internal sealed class NoFaults : IFaults
{
    /// <inheritdoc/>
    public Errno? OnWrite(string path) => null;

    /// <inheritdoc/>
    public ProgramFault? OnRun(string program, IReadOnlyList<string> arguments) => null;

    /// <inheritdoc/>
    public bool OnStoreRequest() => false;
}
