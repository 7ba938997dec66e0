using XenDriverDomain.Access;

namespace XenDriverDomain.Simulation.Faults;

/// <summary>A dom0 where nothing goes wrong.</summary>
public sealed class NoFaults : IFaults
{
    /// <inheritdoc/>
    public Errno? OnWrite(string path) => null;

    /// <inheritdoc/>
    public ProgramFault? OnRun(string program, IReadOnlyList<string> arguments) => null;

    /// <inheritdoc/>
    public bool OnStoreRequest() => false;
}
