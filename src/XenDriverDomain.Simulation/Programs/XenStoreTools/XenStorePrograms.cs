using XenDriverDomain.Simulation.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>The xenstore-* programs of a dom0.</summary>
public static class XenStorePrograms
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
