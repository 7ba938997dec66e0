using System.Globalization;
using XenDriverDomain.Domains;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl pci-list</c>; every device of a PV domain is shown in slot 0 and those of an HVM domain from slot 4 on.</summary>
internal sealed class PciListCommand : IXlCommand
{
    // What the device model has not taken for itself.
    private const int FirstFreeSlot = 4;

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
        int domid = DomainArgument.Find(process, arguments.Rest[0]);
        bool emulated = process.World.Hypervisor.Find(domid)?.Type == DomainType.HVM;
        IReadOnlyList<PciAddress> all = PciDevices.List(process, domid);
        if (all.Count > 0)
        {
            process.Print("Vdev Device");
        }

        for (int i = 0; i < all.Count; i++)
        {
            process.Print(string.Create(CultureInfo.InvariantCulture, $"{(emulated ? FirstFreeSlot + i : 0):x2}.0 {all[i]}"));
        }

        return Task.FromResult(0);
    }
}
