using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>
/// How libxl makes a domain of a configuration (libxl_create.c), with its checks, their order, and what it leaves when it fails.
/// </summary>
internal static class DomainCreation
{
    // xl's own default (xl_parse.c, libxl_domain.c): 32 MiB.
    private const int DefaultMemoryMB = 32;

    /// <summary>Makes a domain; it does not run yet.</summary>
    /// <returns>The domain, or null and libxl's return code.</returns>
    public static async Task<(SimulatedDomain? Domain, int Code)> RunAsync(XlProcess process, DomainConfiguration configuration)
    {
        if (CheckPassthrough(process, configuration) is not LibxlError.None and { } refused)
        {
            return (null, refused);
        }

        Hypervisor hypervisor = process.World.Hypervisor;
        int memory = configuration.MemoryMB ?? DefaultMemoryMB;
        int domid = hypervisor.NextDomid();
        if (hypervisor.Create(domid, Guid.NewGuid(), configuration.Type, memory * 1024L, configuration.Vcpus ?? 1) is not { } domain)
        {
            process.Complain("libxl: error: libxl_create.c:682:libxl__domain_make: domain creation fail: Cannot allocate memory");
            process.Error("libxl_create.c:1296:initiate_domain_create", $"cannot make domain: {LibxlError.Fail}", domid);
            return (null, LibxlError.Fail);
        }

        int code = await BuildAsync(process, domain, configuration with { MemoryMB = memory }).ConfigureAwait(false);
        if (code == LibxlError.None)
        {
            return (domain, code);
        }

        if (!domain.IsGone)
        {
            await DomainDestruction.RunAsync(process, domain.Domid).ConfigureAwait(false);
        }

        // xl asks for the destruction once more, of what is gone by now.
        await DomainDestruction.RunAsync(process, domain.Domid).ConfigureAwait(false);
        return (null, code);
    }

    private static int CheckPassthrough(XlProcess process, DomainConfiguration configuration)
    {
        const string Function = "libxl_create.c:1160:libxl__domain_config_setdefault";
        bool wants = configuration.Passthrough is not (null or PassthroughMode.Default or PassthroughMode.Disabled);
        if (configuration.PciDevices.Count > 0 && configuration.Passthrough == PassthroughMode.Disabled)
        {
            process.Error("libxl_create.c:1167:libxl__domain_config_setdefault", "passthrough disabled but devices are specified");
            return LibxlError.Invalid;
        }

        if (configuration.PciDevices.Count == 0 && !wants)
        {
            return LibxlError.None;
        }

        if (!process.World.Machine.HasIommu)
        {
            process.Error(Function, "passthrough not supported on this platform\n");
            return LibxlError.Invalid;
        }

        if (configuration.Type == DomainType.PVH)
        {
            process.Error(
                "libxl_x86.c:831:libxl__arch_passthrough_mode_setdefault", "passthrough not yet supported for x86 PVH guests\n");
            return LibxlError.Invalid;
        }

        if (configuration.Type == DomainType.HVM && configuration.MaxMemoryMB > configuration.MemoryMB)
        {
            process.Error(Function, "IOMMU required for device passthrough but not supported together with PoD");
            return LibxlError.Invalid;
        }

        return LibxlError.None;
    }

    private static async Task<int> BuildAsync(XlProcess process, SimulatedDomain domain, DomainConfiguration configuration)
    {
        int id = domain.Domid;
        if (DomainNames.Find(process, configuration.Name) is not null)
        {
            process.Error("libxl_domain.c:81:libxl__domain_rename", $"Domain with name \"{configuration.Name}\" already exists.", id);
            process.Error("libxl_create.c:1296:initiate_domain_create", $"cannot make domain: {LibxlError.Invalid}", id);
            process.World.Hypervisor.Destroy(domain);
            return LibxlError.Fail;
        }

        DomainTree.Make(process, domain, configuration);
        await process.PauseAsync(Timings.DomainBuild).ConfigureAwait(false);
        foreach (string? image in (string?[])[configuration.Kernel, configuration.Ramdisk])
        {
            if (image is not null && !process.World.Machine.Files.Exists(image))
            {
                process.Complain(
                    $"xc: error: panic: xg_dom_core.c:208: failed to open file '{image}': No such file or directory: Internal error");
                process.Error(
                    "libxl_dom.c:571:libxl__build_dom",
                    $"xc_dom_{(image == configuration.Kernel ? "kernel" : "module")}_file failed: No such file or directory");
                process.Error("libxl_create.c:1640:domcreate_rebuild_done", $"cannot (re-)build domain: {LibxlError.Fail}", id);
                return LibxlError.Fail;
            }
        }

        DomainTree.Complete(process, domain, configuration);
        domain.Kernel = new GuestKernel(
            process.World,
            domain,
            GuestBoot.WordsOf(process.World.Machine.Files, configuration));
        int code = await AttachAsync(process, id, configuration).ConfigureAwait(false);
        if (code == LibxlError.None)
        {
            process.World.Configurations[id] = configuration;
        }

        return code;
    }

    private static async Task<int> AttachAsync(XlProcess process, int id, DomainConfiguration configuration)
    {
        foreach ((DiskSpec disk, int i) in configuration.Disks.Select((disk, i) => (disk, i)))
        {
            if (DiskDevices.BackendOf(process, disk) is not { } backend)
            {
                process.Error("libxl_create.c:1059:libxl__disk_devtype", $"Unable to set disk defaults for disk {i}", id);
                return LibxlError.Fail;
            }

            DiskDevices.Add(process, id, disk, backend);
        }

        int?[] backends = [.. configuration.Vifs.Select(v => VifDevices.BackendOf(process, v))];
        int unknown = Array.IndexOf(backends, null);
        if (unknown >= 0)
        {
            process.Error("libxl_nic.c:520:libxl__device_nic_set_devids", $"Unable to set nic defaults for nic {unknown}", id);
            return LibxlError.Fail;
        }

        int last = configuration.Vifs.Max(v => v.DeviceId) ?? -1;
        IReadOnlyList<int> codes = await process.TogetherAsync(configuration.Vifs.Select<VifSpec, Func<XlProcess, Task<int>>>(
            (vif, i) => part => VifDevices.AddAsync(part, id, vif, backends[i]!.Value, vif.DeviceId ?? ++last))).ConfigureAwait(false);
        int code = codes.FirstOrDefault(c => c != LibxlError.None);
        if (code != LibxlError.None)
        {
            process.Error("libxl_create.c:1921:domcreate_attach_devices", "unable to add vif devices", id);
            return code;
        }

        foreach (PciSpec spec in configuration.PciDevices)
        {
            code = await PciDevices.AddAsync(process, id, spec, starting: true).ConfigureAwait(false);
            if (code != LibxlError.None)
            {
                process.Error("libxl_create.c:1921:domcreate_attach_devices", "unable to add pci devices", id);
                return code;
            }
        }

        return LibxlError.None;
    }
}
