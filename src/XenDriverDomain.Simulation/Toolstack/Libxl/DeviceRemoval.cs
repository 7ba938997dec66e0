using XenDriverDomain.Backends;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>How libxl takes a split device away (libxl_device.c, libxl__initiate_device_generic_remove and what follows it).</summary>
internal static class DeviceRemoval
{
    /// <summary>Takes a device away.</summary>
    /// <param name="process">xl.</param>
    /// <param name="device">The device.</param>
    /// <param name="force">True when it has to go whether the other end answers or not: its domain is being destroyed.</param>
    /// <returns>libxl's return code.</returns>
    public static async Task<int> RunAsync(XlProcess process, DeviceId device, bool force)
    {
        // LIBXL__FORCE_AUTO: what does not go by itself is tried once more by force.
        bool mayForce = !force;
        int code;
        while (true)
        {
            if (!Begin(process, device, force))
            {
                code = LibxlError.None;
                break;
            }

            if (await process.UntilAsync(
                [device.Backend],
                () => process.Store.ReadState(device.Backend) is XenbusState.Closed or XenbusState.Unknown,
                Timings.LibxlDevice).ConfigureAwait(false))
            {
                code = await FinishAsync(process, device).ConfigureAwait(false);
                break;
            }

            if (!mayForce)
            {
                process.Error(
                    "libxl_device.c:1181:device_backend_callback",
                    $"unable to remove device with path {device.Backend}",
                    device.Domid);
                code = LibxlError.TimedOut;
                break;
            }

            mayForce = false;
            force = true;
        }

        if (force || code == LibxlError.None)
        {
            Forget(process.Store, device);
        }

        return code;
    }

    /// <summary>Deletes what libxl keeps of a device, empty parents as well (libxl__device_destroy).</summary>
    public static void Forget(DomainStore store, DeviceId device)
    {
        store.RemoveWithEmptyParents(device.Frontend);
        store.RemoveWithEmptyParents(device.Record);
        store.RemoveWithEmptyParents(device.Backend);
    }

    private static bool Begin(XlProcess process, DeviceId device, bool force)
    {
        DomainStore store = process.Store;
        if (force)
        {
            store.RemoveWithEmptyParents(device.Frontend);
        }

        if (store.TryRead($"{device.Backend}/state") is null)
        {
            process.Inform(
                "libxl_device.c:1067:libxl__initiate_device_generic_remove",
                $"backend {device.Backend} already removed, cleanup frontend only");
            return false;
        }

        store.Write($"{device.Backend}/online", "0");
        if (store.ReadState(device.Backend) != XenbusState.Closed)
        {
            store.SwitchState(device.Backend, XenbusState.Closing);
        }

        return true;
    }

    // In dom0 libxl runs the script itself; a driver domain's devd runs it there and deletes the back end.
    private static async Task<int> FinishAsync(XlProcess process, DeviceId device)
    {
        if (device.BackendDomid == 0)
        {
            await process.PauseAsync(Timings.HotplugScript).ConfigureAwait(false);
            process.World.Dom0.Script.Offline(device.Backend);
            return LibxlError.None;
        }

        if (await process.UntilAsync(
            [device.Backend], () => process.Store.TryRead(device.Backend) is null, Timings.LibxlDevice).ConfigureAwait(false))
        {
            return LibxlError.None;
        }

        process.Error(
            "libxl_device.c:1375:device_destroy_be_watch_cb",
            $"timed out while waiting for {device.Backend} to be removed",
            device.Domid);
        return LibxlError.TimedOut;
    }
}
