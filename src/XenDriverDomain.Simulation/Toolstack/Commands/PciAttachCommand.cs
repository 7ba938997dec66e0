using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl pci-attach</c>.</summary>
internal sealed class PciAttachCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "pci-attach";

    /// <inheritdoc/>
    public string Usage => "<Domain> <PCI_SPEC_STRING>";

    /// <inheritdoc/>
    public string Description => "Insert a new pass-through pci device";

    /// <inheritdoc/>
    public async Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 2);
        int domid = DomainArgument.Find(process, arguments.Rest[0]);
        int code = await PciDevices.AddAsync(
            process, domid, PciSpecArgument.Read(process, this, arguments.Rest[1]), starting: false).ConfigureAwait(false);
        if (code == LibxlError.None)
        {
            return 0;
        }

        process.Error("libxl_device.c:1486:device_addrm_aocomplete", "unable to add device");
        return 1;
    }
}
