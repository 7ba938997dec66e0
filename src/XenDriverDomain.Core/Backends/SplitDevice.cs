using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>Which split device: its kind, the guest and its number within the guest, and where its parts lie in xenstore.</summary>
/// <param name="Kind">The kind of its front end, as xenstore names it: vif, vbd, ….</param>
/// <param name="Guest">The guest's domid.</param>
/// <param name="Devid">The device's number.</param>
internal readonly record struct SplitDevice(string Kind, int Guest, int Devid)
{
    /// <summary>The toolstack's own record, which no guest can write.</summary>
    public XenStorePath Record => XenPaths.DeviceRecords(Guest, Kind) / Devid;

    /// <summary>The guest's end.</summary>
    public XenStorePath Frontend => XenPaths.Frontend(Guest, Kind, Devid);

    /// <summary>The back end in a domain.</summary>
    public XenStorePath Backend(int domid) => XenPaths.Backend(domid, Kind, Guest, Devid);

    /// <summary>Where the back-end domain's kernel writes why the device failed.</summary>
    public XenStorePath BackendError(int domid) => XenPaths.BackendError(domid, Kind, Guest, Devid) / "error";
}
