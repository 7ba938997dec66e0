using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>Which vif: the guest and the device's number within it, and where its parts lie in xenstore.</summary>
/// <param name="GuestDomid">The guest.</param>
/// <param name="Devid">The device.</param>
internal readonly record struct VifAddress(int GuestDomid, int Devid)
{
    private const string Kind = "vif";

    /// <summary>The toolstack's own record, which no guest can write.</summary>
    public XenStorePath Record => Records(GuestDomid) / Devid;

    /// <summary>The guest's end.</summary>
    public XenStorePath Frontend => XenPaths.Frontend(GuestDomid, Kind, Devid);

    /// <summary>The toolstack's records of all vifs of a guest, by number.</summary>
    public static XenStorePath Records(int guestDomid) => XenPaths.DeviceRecords(guestDomid, Kind);

    /// <summary>The back end in a domain.</summary>
    public XenStorePath Backend(int backendDomid) => XenPaths.Backend(backendDomid, Kind, GuestDomid, Devid);

    /// <summary>Where the back-end domain's kernel writes why the device failed.</summary>
    public XenStorePath KernelError(int backendDomid) => XenPaths.BackendError(backendDomid, Kind, GuestDomid, Devid) / "error";
}
