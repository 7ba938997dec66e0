using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>xenstore-rm: removes nodes, all or none; with -t also those above that are left empty.</summary>
/// <param name="store">The store.</param>
internal sealed class XenStoreRemoveTool(SimulatedXenStore store) : XenStoreTool(store, "rm", "t", "[-h] [-s] [-t] key [...]")
{
    /// <inheritdoc/>
    protected override int Run(ToolOptions options, ToolOutput output) => Transact(
        () => options.Operands.All(path => Remove(path, options.Has('t'), output)) ? 0 : 1);

    private bool Remove(string path, bool tidy, ToolOutput output)
    {
        while (true)
        {
            if (!TryRemove(path))
            {
                output.Complain($"could not remove path {path}");
                return false;
            }

            int slash = path.LastIndexOf('/');
            if (!tidy || slash < 0)
            {
                return true;
            }

            path = path[..slash];
            if (Read(path) is not { Length: 0 } || List(path) is not { Count: 0 })
            {
                return true;
            }
        }
    }

    private bool TryRemove(string path)
    {
        try
        {
            // What is not there is as good as removed when the node above it is there.
            return Store.Remove(0, path) || Store.Read(0, ParentOf(path)) is not null;
        }
        catch (XenStoreException)
        {
            return false;
        }
    }

    private static string ParentOf(string path) => path.LastIndexOf('/') switch
    {
        < 0 => "/local/domain/0",
        0 => "/",
        int slash => path[..slash],
    };
}
