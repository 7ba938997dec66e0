using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl block-attach</c>.</summary>
internal sealed class BlockAttachCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "block-attach";

    /// <inheritdoc/>
    public string Usage => "<Domain> <disk-spec-component(s)>...";

    /// <inheritdoc/>
    public string Description => "Create a new virtual block device";

    /// <inheritdoc/>
    public Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 2);
        int domid = DomainArgument.Find(process, arguments.Rest[0]);
        DiskSpec spec;
        try
        {
            spec = DiskSpec.Parse(string.Join(',', arguments.Rest.Skip(1)));
        }
        catch (XenDriverDomainException e)
        {
            process.Complain(e.Message);
            return Task.FromResult(1);
        }

        if (DiskDevices.BackendOf(process, spec) is not { } backend || process.World.Hypervisor.Find(domid) is null)
        {
            process.Error("libxl_device.c:1486:device_addrm_aocomplete", "unable to add device");
            process.Complain("libxl_device_disk_add failed.");
            return Task.FromResult(1);
        }

        DiskDevices.Add(process, domid, spec, backend);
        return Task.FromResult(0);
    }
}
