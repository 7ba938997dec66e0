using System.Globalization;
using XenDriverDomain.Backends;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Domains;
using XenDriverDomain.Pci;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>PCI functions of domains (libxl_pci.c).</summary>
internal static class PciDevices
{
    /// <summary>The functions that a domain has, by pciback's record (libxl_device_pci_list).</summary>
    public static IReadOnlyList<PciAddress> List(XlProcess process, int domid)
    {
        string path = DeviceOf(domid).Backend;
        int count = process.Store.ReadNumber($"{path}/num_devs") ?? 0;
        return [.. Enumerable.Range(0, count)
            .Select(i => process.Store.TryRead($"{path}/dev-{i}"))
            .Where(text => PciAddress.TryParse(text, out _))
            .Select(text => PciAddress.Parse(text!))];
    }

    /// <summary>Gives a function to a domain.</summary>
    /// <param name="process">xl.</param>
    /// <param name="domid">The domain.</param>
    /// <param name="spec">The function.</param>
    /// <param name="starting">True when the domain does not run yet.</param>
    /// <returns>libxl's return code.</returns>
    public static async Task<int> AddAsync(XlProcess process, int domid, PciSpec spec, bool starting)
    {
        PciAddress? address = spec.Address ?? (spec.Name is { } name ? AssignablePci.FindByName(process, name) : null);
        int code = address is { } known
            ? await AddAsync(process, domid, known, spec, starting).ConfigureAwait(false)
            : LibxlError.Invalid;
        if (code != LibxlError.None)
        {
            process.Error(
                "libxl_pci.c:1809:device_pci_add_done",
                spec.Name is not null
                    ? $"libxl__device_pci_add failed for PCI device '{spec.Name}' (rc {code})"
                    : $"libxl__device_pci_add failed for PCI device {Short(address!.Value)} (rc {code})",
                domid);
            if (address is { } failed)
            {
                process.Store.Remove($"{AssignablePci.RecordOf(failed)}/domid");
            }
        }

        return code;
    }

    /// <summary>Takes a function from a domain.</summary>
    /// <returns>libxl's return code.</returns>
    public static async Task<int> RemoveAsync(XlProcess process, int domid, PciAddress address, bool force)
    {
        if (!List(process, domid).Contains(address))
        {
            process.Error("libxl_pci.c:1969:do_pci_remove", "PCI device not attached to this domain", domid);
            if (!force)
            {
                return LibxlError.Invalid;
            }
        }

        Reset(process, address);
        process.World.Hypervisor.Deassign(address, domid);
        await RemoveFromStoreAsync(process, domid, address).ConfigureAwait(false);
        process.Store.Remove($"{AssignablePci.RecordOf(address)}/domid");
        return LibxlError.None;
    }

    private static async Task<int> AddAsync(XlProcess process, int domid, PciAddress address, PciSpec spec, bool starting)
    {
        if (process.World.Hypervisor.Find(domid)?.Type == DomainType.HVM
            && process.World.Hypervisor.OwnerOf(address) is not (0 or Hypervisor.Quarantine))
        {
            process.Error(
                "libxl_pci.c:1659:libxl__device_pci_add",
                $"PCI device {address} already assigned to a different guest?",
                domid);
            return LibxlError.Fail;
        }

        if (spec.Seize == true && !AssignablePci.IsBound(process, address) && !AssignablePci.Add(process, address, null))
        {
            return LibxlError.Fail;
        }

        if (!AssignablePci.List(process).Contains(address))
        {
            process.Error("libxl_pci.c:1677:libxl__device_pci_add", $"PCI device {Short(address)} is not assignable", domid);
            return LibxlError.Fail;
        }

        process.Store.Write($"{AssignablePci.RecordOf(address)}/domid", domid);
        Reset(process, address);
        if (spec.Permissive == true
            && AssignablePci.TryWrite(process, $"{AssignablePci.Pciback}/permissive", address.ToString()) is not null)
        {
            process.Error("libxl_pci.c:1512:pci_add_dm_done", "Setting permissive for device", domid);
            return LibxlError.Fail;
        }

        if (process.World.Hypervisor.Assign(address, domid, spec.RdmPolicy == RdmPolicy.Relaxed) is { } errno)
        {
            process.Error("libxl_pci.c:1529:pci_add_dm_done", $"xc_assign_device failed: {ErrnoWords.Of(errno)}", domid);
            return LibxlError.Fail;
        }

        return await AddToStoreAsync(process, domid, address, spec, starting).ConfigureAwait(false);
    }

    private static async Task<int> AddToStoreAsync(XlProcess process, int domid, PciAddress address, PciSpec spec, bool starting)
    {
        DomainStore store = process.Store;
        DeviceId device = DeviceOf(domid);
        int? count = store.ReadNumber($"{device.Backend}/num_devs");
        if (count is not null && !starting && !await IsReadyAsync(process, domid).ConfigureAwait(false))
        {
            return LibxlError.Fail;
        }

        int index = count ?? 0;
        store.Store.Transact(() =>
        {
            if (count is null)
            {
                CreateBackend(process, device);
            }

            store.Write($"{device.Backend}/key-{index}", address.ToString());
            store.Write($"{device.Backend}/dev-{index}", address.ToString());
            if (spec.VirtualSlot is { } slot)
            {
                store.Write($"{device.Backend}/vdevfn-{index}", (slot << 3).ToString("x", CultureInfo.InvariantCulture));
            }

            store.Write(
                $"{device.Backend}/opts-{index}",
                $"msitranslate={Flag(spec.MsiTranslate)},power_mgmt={Flag(spec.PowerManagement)},permissive={Flag(spec.Permissive)},"
                    + $"rdm_policy={(spec.RdmPolicy == RdmPolicy.Relaxed ? "relaxed" : "strict")}");
            store.Write($"{device.Backend}/state-{index}", (int)XenbusState.Initialising);
            store.Write($"{device.Backend}/num_devs", index + 1);
            if (index > 0 && !starting)
            {
                store.Write($"{device.Backend}/state", (int)XenbusState.Reconfiguring);
            }
        });
        return LibxlError.None;
    }

    private static void CreateBackend(XlProcess process, DeviceId device)
    {
        DomainStore store = process.Store;
        store.Make(device.Backend, 0, device.Domid);
        store.Write($"{device.Backend}/frontend", device.Frontend);
        store.Write($"{device.Backend}/frontend-id", device.Domid);
        store.Write($"{device.Backend}/online", "1");
        store.Write($"{device.Backend}/state", (int)XenbusState.Initialising);
        store.Write($"{device.Backend}/domain", DomainNames.Of(process, device.Domid) ?? string.Empty);
        store.Make(device.Frontend, device.Domid, 0);
        store.Write($"{device.Frontend}/backend", device.Backend);
        store.Write($"{device.Frontend}/backend-id", "0");
        store.Write($"{device.Frontend}/state", (int)XenbusState.Initialising);
    }

    // What a back end that is not connected any more still holds stays behind: libxl gives up on it (seen after each orderly shutdown).
    private static async Task RemoveFromStoreAsync(XlProcess process, int domid, PciAddress address)
    {
        DomainStore store = process.Store;
        DeviceId device = DeviceOf(domid);
        IReadOnlyList<PciAddress> all = List(process, domid);
        int index = all.ToList().IndexOf(address);
        if (index < 0 || !await IsReadyAsync(process, domid).ConfigureAwait(false))
        {
            return;
        }

        store.Store.Transact(() =>
        {
            store.Write($"{device.Backend}/state-{index}", (int)XenbusState.Closing);
            store.Write($"{device.Backend}/state", (int)XenbusState.Reconfiguring);
        });
        if (!await IsReadyAsync(process, domid).ConfigureAwait(false))
        {
            return;
        }

        store.Store.Transact(() => Renumber(store, device.Backend, index, all.Count));
        if (all.Count == 1)
        {
            DeviceRemoval.Forget(store, device);
        }
    }

    private static void Renumber(DomainStore store, string path, int index, int count)
    {
        string[] keys = ["state", "key", "dev", "vdev", "opts", "vdevfn", "name"];
        for (int i = index; i < count; i++)
        {
            foreach (string key in keys)
            {
                string? next = i + 1 < count ? store.TryRead($"{path}/{key}-{i + 1}") : null;
                if (next is not null)
                {
                    store.Write($"{path}/{key}-{i}", next);
                }
                else
                {
                    store.Remove($"{path}/{key}-{i}");
                }
            }
        }

        store.Write($"{path}/num_devs", count - 1);
    }

    // libxl__wait_for_backend looks ten times a second for ten seconds; only a PV domain has a front end that answers.
    private static async Task<bool> IsReadyAsync(XlProcess process, int domid)
    {
        if (process.World.Hypervisor.Find(domid)?.Type != DomainType.PV)
        {
            return true;
        }

        string path = DeviceOf(domid).Backend;
        if (await process.UntilAsync(
            [path], () => process.Store.ReadState(path) == XenbusState.Connected, Timings.LibxlDevice).ConfigureAwait(false))
        {
            return true;
        }

        process.Error("libxl_device.c:1470:libxl__wait_for_backend", $"Backend {path} not ready");
        return false;
    }

    private static void Reset(XlProcess process, PciAddress address)
    {
        string path = $"/sys/bus/pci/devices/{address}/reset";
        if (!process.World.Machine.Files.Exists(path))
        {
            process.Error(
                "libxl_pci.c:1573:libxl__device_pci_reset",
                $"The kernel doesn't support reset from sysfs for PCI device {address}");
            return;
        }

        if (AssignablePci.TryWrite(process, path, "1") is { } errno)
        {
            process.Error("libxl_pci.c:1568:libxl__device_pci_reset", $"write to {path} returned -1: {ErrnoWords.Of(errno)}");
        }
    }

    private static DeviceId DeviceOf(int domid) => new("pci", domid, 0, 0);

    private static string Short(PciAddress a) =>
        string.Create(CultureInfo.InvariantCulture, $"{a.Domain:x}:{a.Bus:x}:{a.Device:x}.{a.Function:x}");

    private static int Flag(bool? value) => value == true ? 1 : 0;
}
