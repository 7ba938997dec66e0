using XenDriverDomain.Simulation.XenStore;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Programs.XenStoreTools;

/// <summary>xenstore-write: values of several nodes, all or none.</summary>
/// <param name="store">The store.</param>
internal sealed class XenStoreWriteTool(SimulatedXenStore store)
    : XenStoreTool(store, "write", "R", "[-h] [-s] [-R] key value [...]")
{
    /// <inheritdoc/>
    protected override bool Accepts(int operands) => operands > 0 && operands % 2 == 0;

    /// <inheritdoc/>
    protected override int Run(ToolOptions options, ToolOutput output) => Transact(() =>
    {
        foreach (string[] pair in options.Operands.Chunk(2))
        {
            byte[] value = Bytes(pair[1]);
            try
            {
                Store.WriteBytes(0, pair[0], options.Has('R') ? value : ValueText.Read(value));
            }
            catch (XenStoreException)
            {
                output.Complain($"could not write path {pair[0]}");
                return 1;
            }
        }

        return 0;
    });
}
