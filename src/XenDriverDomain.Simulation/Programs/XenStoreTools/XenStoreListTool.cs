using XenDriverDomain.Simulation.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>xenstore-list: the names of children, one a line.</summary>
/// <param name="store">The store.</param>
internal sealed class XenStoreListTool(SimulatedXenStore store) : XenStoreTool(store, "list", "p", "[-h] [-p] [-s] key [...]")
{
    /// <inheritdoc/>
    protected override int Run(ToolOptions options, ToolOutput output)
    {
        foreach (string path in options.Operands)
        {
            if (List(path) is not { } names)
            {
                output.Complain($"could not list path {path}");
                return 1;
            }

            foreach (string name in names)
            {
                output.Print(options.Has('p') ? $"{path}/{name}\n" : $"{name}\n");
            }
        }

        return 0;
    }
}
