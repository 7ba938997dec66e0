using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;
using XenDriverDomain.Simulation.Toolstack.Libxl;

namespace XenDriverDomain.Simulation.Toolstack.Commands;

/// <summary><c>xl network-attach</c>.</summary>
internal sealed class NetworkAttachCommand : IXlCommand
{
    /// <inheritdoc/>
    public string Name => "network-attach";

    /// <inheritdoc/>
    public string Usage =>
        "<Domain> [type=<type>] [mac=<mac>] [bridge=<bridge>] [ip=<ip>] [script=<script>] [backend=<BackDomain>] [vifname=<name>] "
        + "[rate=<rate>]";

    /// <inheritdoc/>
    public string Description => "Create a new virtual network device";

    /// <inheritdoc/>
    public async Task<int> RunAsync(XlProcess process, XlArguments arguments)
    {
        arguments.Parse(process, string.Empty, 1);
        int domid = DomainArgument.Find(process, arguments.Rest[0]);
        VifSpec spec;
        try
        {
            spec = VifSpec.Parse(string.Join(',', arguments.Rest.Skip(1)));
        }
        catch (XenDriverDomainException e)
        {
            process.Complain(e.Message);
            return 1;
        }

        int? backend = VifDevices.BackendOf(process, spec);
        if (backend is null || process.World.Hypervisor.Find(domid) is null)
        {
            process.Error("libxl_device.c:1486:device_addrm_aocomplete", "unable to add device");
            process.Complain("libxl_device_nic_add failed.");
            return 1;
        }

        int devid = spec.DeviceId ?? VifDevices.NextId(process, domid);
        if (await VifDevices.AddAsync(process, domid, spec, backend.Value, devid).ConfigureAwait(false) == LibxlError.None)
        {
            return 0;
        }

        process.Error("libxl_device.c:1481:device_addrm_aocomplete", $"Unable to add vif with id {devid}", domid);
        process.Complain("libxl_device_nic_add failed.");
        return 1;
    }
}
