using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl pci-detach</c>.</summary>
internal sealed class PciDetachCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "pci-detach";

    /// <inheritdoc/>
    public string Usage => "<Domain> <PCI_SPEC_STRING>";

    /// <inheritdoc/>
    public string Description => "Remove a domain's pass-through pci device";

    /// <inheritdoc/>
    public async Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, "f", 2);
        int domid = DomainArgument.Find(process, arguments.Rest[0]);
        PciAddress address = PciSpecArgument.Read(process, this, arguments.Rest[1]).Address ?? default;
        int code = await PciDevices.RemoveAsync(process, domid, address, arguments.Has('f')).ConfigureAwait(false);
        if (code == LibxlError.None)
        {
            return 0;
        }

        process.Error("libxl_device.c:1486:device_addrm_aocomplete", "unable to remove device");
        return 1;
    }
}
