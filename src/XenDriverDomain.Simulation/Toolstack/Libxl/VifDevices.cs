using System.Globalization;
using XenDriverDomain.Backends;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Network;
using XenDriverDomain.Simulation.Domains;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>Network interfaces (libxl_nic.c).</summary>
internal static class VifDevices
{
    private const string Kind = "vif";
    private const string DefaultBridge = "xenbr0";
    private const string ScriptDirectory = "/etc/xen/scripts";
    private const string DefaultMtu = "1500";

    /// <summary>The domain that a vif names as its back end; null when there is none of that name.</summary>
    public static int? BackendOf(XlProcess process, VifSpec spec) =>
        spec.Backend is not { } backend ? 0 : backend.Domid ?? DomainNames.Find(process, backend.Name!);

    /// <summary>Adds an interface and waits until its back end has taken it.</summary>
    /// <returns>libxl's return code.</returns>
    public static async Task<int> AddAsync(XlProcess process, int domid, VifSpec spec, int backend, int devid)
    {
        DeviceId device = new(Kind, domid, backend, devid);
        process.Store.Store.Transact(() => Write(process.Store, device, spec));
        if (!await process.UntilAsync(
            [device.Backend],
            () => process.Store.ReadState(device.Backend) == XenbusState.InitWait,
            Timings.LibxlDevice).ConfigureAwait(false))
        {
            process.Error(
                "libxl_device.c:1181:device_backend_callback", $"unable to add device with path {device.Backend}", domid);
            return LibxlError.TimedOut;
        }

        return backend == 0 ? await RunScriptAsync(process, device).ConfigureAwait(false) : LibxlError.None;
    }

    /// <summary>The numbers of a domain's interfaces.</summary>
    public static IEnumerable<int> List(XlProcess process, int domid) => process.Store.Numbers($"/libxl/{domid}/device/{Kind}");

    /// <summary>An interface; null when the domain has none of that number.</summary>
    public static DeviceId? Find(XlProcess process, int domid, int devid) => DeviceId.Read(process.Store, domid, Kind, devid);

    /// <summary>An interface; null when the domain has none with that address.</summary>
    public static DeviceId? Find(XlProcess process, int domid, MacAddress mac)
    {
        foreach (int devid in List(process, domid))
        {
            if (MacAddress.TryParse(process.Store.TryRead($"{DeviceId.RecordOf(domid, Kind, devid)}/mac"), out MacAddress other)
                && other == mac)
            {
                return Find(process, domid, devid);
            }
        }

        return null;
    }

    /// <summary>The number of the next interface: one above the last (libxl__device_nextid).</summary>
    public static int NextId(XlProcess process, int domid) => List(process, domid).DefaultIfEmpty(-1).Last() + 1;

    private static async Task<int> RunScriptAsync(XlProcess process, DeviceId device)
    {
        await process.PauseAsync(Timings.HotplugScript).ConfigureAwait(false);
        string script = process.Store.TryRead($"{device.Backend}/script") ?? string.Empty;
        if (process.World.Dom0.Script.Online(device.Backend) is not { } complaint)
        {
            return LibxlError.None;
        }

        process.Error(
            "libxl_exec.c:117:libxl_report_child_exitstatus",
            $"{script} online [{process.World.NextProcessId()}] exited with error status 1");
        process.Error("libxl_device.c:1337:device_hotplug_child_death_cb", $"script: {complaint}");
        return LibxlError.Fail;
    }

    private static void Write(DomainStore store, DeviceId device, VifSpec spec)
    {
        string mac = (spec.Mac ?? MacAddress.NewRandom()).ToString();
        List<(string Key, string? Value)> back =
        [
            ("frontend-id", Text(device.Domid)),
            ("online", "1"),
            ("state", "1"),
            ("script", spec.Script is { } script
                ? script.StartsWith('/') ? script : $"{ScriptDirectory}/{script}"
                : $"{ScriptDirectory}/vif-bridge"),
            ("vifname", spec.InterfaceName),
            ("mac", mac),
            ("ip", spec.IP),
            ("gatewaydev", spec.GatewayDevice),
            ("rate", spec.Rate is { } rate ? VifRate.ToStored(rate) : null),
            ("mtu", spec.Mtu is { } mtu && Text(mtu) != DefaultMtu ? Text(mtu) : null),
            ("vlan", spec.Vlan),
            ("bridge", spec.Bridge ?? DefaultBridge),
            ("handle", Text(device.Devid)),
            ("type", spec.Type == VifType.Ioemu ? "vif_ioemu" : "vif"),
            ("hotplug-status", string.Empty),
        ];
        (string Key, string? Value)[] front =
        [
            ("backend", device.Backend),
            ("backend-id", Text(device.BackendDomid)),
            ("state", "1"),
            ("handle", Text(device.Devid)),
            ("mac", mac),
            ("trusted", spec.Trusted == false ? "0" : "1"),
        ];
        store.Remove(device.Record);
        store.Write($"{device.Record}/frontend", device.Frontend);
        store.Write($"{device.Record}/backend", device.Backend);
        store.Remove(device.Frontend);
        store.Make(device.Frontend, device.Domid, device.BackendDomid);
        WriteAll(store, device.Frontend, front);
        store.Write($"{device.Frontend}/mtu", spec.Mtu is { } most ? Text(most) : DefaultMtu);
        store.SetPermissions($"{device.Frontend}/mtu", device.BackendDomid, device.Domid);
        store.Remove(device.Backend);
        MakeReadable(store, device);
        store.Make(device.Backend, device.BackendDomid, device.Domid);
        store.Write($"{device.Backend}/frontend", device.Frontend);
        WriteAll(store, device.Backend, back);
        WriteAll(store, device.Record, back);
    }

    // What is above the device is dom0's, and its domain may read it: new nodes inherit that from the domain's home.
    private static void MakeReadable(DomainStore store, DeviceId device)
    {
        string parent = device.Backend[..device.Backend.LastIndexOf('/')];
        if (store.TryRead(parent) is null)
        {
            store.Store.MakeDirectory(0, parent);
        }
    }

    private static void WriteAll(DomainStore store, string path, IEnumerable<(string Key, string? Value)> values)
    {
        foreach ((string key, string? value) in values)
        {
            if (value is not null)
            {
                store.Write($"{path}/{key}", value);
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
