using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl pci-list</c>; every device of a PV domain is shown in slot 0, as seen with 4.17.</summary>
internal sealed class PciListCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "pci-list";

    /// <inheritdoc/>
    public string Usage => "<Domain>";

    /// <inheritdoc/>
    public string Description => "List pass-through pci devices for a domain";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 1);
        IReadOnlyList<PciAddress> all = PciDevices.List(process, DomainArgument.Find(process, arguments.Rest[0]));
        if (all.Count > 0)
        {
            process.Print("Vdev Device");
        }

        foreach (PciAddress address in all)
        {
            process.Print($"00.0 {address}");
        }

        return Task.FromResult(0);
    }
}
