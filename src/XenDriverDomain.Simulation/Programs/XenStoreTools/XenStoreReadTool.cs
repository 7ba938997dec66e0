using XenDriverDomain.Simulation.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>xenstore-read: values, one a line.</summary>
/// <param name="store">The store.</param>
internal sealed class XenStoreReadTool(SimulatedXenStore store)
    : XenStoreTool(store, "read", "pR", "[-h] [-p] [-s] [-R] key [...]")
{
    /// <inheritdoc/>
    protected override int Run(ToolOptions options, ToolOutput output)
    {
        foreach (string path in options.Operands)
        {
            if (Read(path) is not { } value)
            {
                output.Complain($"couldn't read path {path}");
                return 1;
            }

            if (options.Has('p'))
            {
                output.Print($"{path}: ");
            }

            if (options.Has('R'))
            {
                output.Print(value);
            }
            else
            {
                output.Print(ValueText.Show(value) + '\n');
            }
        }

        return 0;
    }
}
