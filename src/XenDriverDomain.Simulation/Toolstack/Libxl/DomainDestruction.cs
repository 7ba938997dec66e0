using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>How libxl destroys a domain (libxl_domain.c, libxl__destroy_domid and what follows it).</summary>
internal static class DomainDestruction
{
    /// <summary>Destroys a domain and removes what xenstore has of it.</summary>
    /// <returns>libxl's return code.</returns>
    public static async Task<int> RunAsync(XlProcess process, int domid)
    {
        Hypervisor hypervisor = process.World.Hypervisor;
        if (hypervisor.Find(domid) is not { } domain)
        {
            process.Error("libxl_domain.c:1183:libxl__destroy_domid", "Non-existant domain", domid);
            process.Error("libxl_domain.c:1137:domain_destroy_callback", "Unable to destroy guest", domid);
            process.Error("libxl_domain.c:1064:domain_destroy_cb", "Destruction of domain failed", domid);
            return LibxlError.DomainNotFound;
        }

        foreach (PciAddress address in PciDevices.List(process, domid))
        {
            await PciDevices.RemoveAsync(process, domid, address, force: true).ConfigureAwait(false);
        }

        domain.Pause();
        await RemoveDevicesAsync(process, domid).ConfigureAwait(false);
        string? vm = process.Store.TryRead($"/local/domain/{domid}/vm");
        if (vm is not null)
        {
            process.Store.Remove(vm);
        }

        process.Store.Remove($"/local/domain/{domid}");
        process.Store.Remove($"/libxl/{domid}");
        process.World.Configurations.Remove(domid);
        await process.PauseAsync(Timings.DomainTeardown).ConfigureAwait(false);
        hypervisor.Destroy(domain);
        return LibxlError.None;
    }

    private static async Task RemoveDevicesAsync(XlProcess process, int domid)
    {
        List<DeviceId> devices = [];
        DeviceId console = new("console", domid, 0, 0);
        foreach (string kind in process.Store.List($"/libxl/{domid}/device").ToArray())
        {
            foreach (int devid in process.Store.Numbers($"/libxl/{domid}/device/{kind}").ToArray())
            {
                if (DeviceId.Read(process.Store, domid, kind, devid) is not { } device || device == console)
                {
                    continue;
                }

                if (kind == DiskDevices.Kind)
                {
                    // Nobody is behind a disk who could let go of it.
                    DeviceRemoval.Forget(process.Store, device);
                }
                else
                {
                    devices.Add(device);
                }
            }
        }

        IReadOnlyList<int> codes = await process.TogetherAsync(devices.Select<DeviceId, Func<XlProcess, Task<int>>>(
            device => part => DeviceRemoval.RunAsync(part, device, force: true))).ConfigureAwait(false);
        if (codes.Any(c => c != LibxlError.None))
        {
            process.Error("libxl_domain.c:1530:devices_destroy_cb", "libxl__devices_destroy failed", domid);
        }

        DeviceRemoval.Forget(process.Store, console);
    }
}
