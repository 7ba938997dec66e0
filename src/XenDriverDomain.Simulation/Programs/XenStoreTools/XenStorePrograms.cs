using XenDriverDomain.Simulation.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>The xenstore-* programs of a dom0.</summary>
internal static class XenStorePrograms
{
    /// <summary>xenstore-read, -write, -rm, -exists, -list, -ls and -chmod on a store.</summary>
    /// <param name="store">The store.</param>
    public static ISimulatedProgram[] Of(SimulatedXenStore store) =>
    [
        new XenStoreReadTool(store),
        new XenStoreWriteTool(store),
        new XenStoreRemoveTool(store),
        new XenStoreExistsTool(store),
        new XenStoreListTool(store),
        new XenStoreTreeTool(store),
        new XenStoreChmodTool(store),
    ];
}

/// <summary>xenstore-exists: says by its exit code whether all nodes are there.</summary>
/// <param name="store">The store.</param>
internal sealed class XenStoreExistsTool(SimulatedXenStore store)
    : XenStoreTool(store, "exists", string.Empty, "[-h] [-p] [-s] key [...]")
{
    /// <inheritdoc/>
    protected override int Run(ToolOptions options, ToolOutput output) => options.Operands.All(path => Read(path) is not null) ? 0 : 1;
}
