using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl pci-assignable-list</c>; it succeeds without pciback, too.</summary>
internal sealed class PciAssignableListCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "pci-assignable-list";

    /// <inheritdoc/>
    public string Usage => "[options]";

    /// <inheritdoc/>
    public string Description => "List all the assignable pci devices";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "n", 0, ("show-names", 'n'));
        foreach (PciAddress address in AssignablePci.List(process))
        {
            string? name = arguments.Has('n') ? process.Store.TryRead($"{AssignablePci.RecordOf(address)}/name") : null;
            process.Print($"{address} {name}");
        }

        return Task.FromResult(0);
    }
}
