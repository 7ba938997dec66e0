using XenDriverDomain.Simulation.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>xenstore-exists: says by its exit code whether all nodes are there.</summary>
/// <param name="store">The store.</param>
internal sealed class XenStoreExistsTool(SimulatedXenStore store)
    : XenStoreTool(store, "exists", string.Empty, "[-h] [-p] [-s] key [...]")
{
    /// <inheritdoc/>
    protected override int Run(ToolOptions options, ToolOutput output) => options.Operands.All(path => Read(path) is not null) ? 0 : 1;
}
