using System.Globalization;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Simulation.Toolstack.Libxl;

/// <summary>A split device and the three places where libxl keeps it in xenstore (libxl__device).</summary>
/// <param name="Kind">vif, pci, console.</param>
/// <param name="Domid">The guest.</param>
/// <param name="BackendDomid">The domain that backs it.</param>
/// <param name="Devid">Its number.</param>
internal sealed record DeviceId(string Kind, int Domid, int BackendDomid, int Devid)
{
    /// <summary>The guest's end; the console's has an old place of its own.</summary>
    public string Frontend => Kind == "console" && Devid == 0
        ? $"/local/domain/{Domid}/console"
        : $"/local/domain/{Domid}/device/{Kind}/{Devid}";

    /// <summary>The back end.</summary>
    public string Backend => $"/local/domain/{BackendDomid}/backend/{Kind}/{Domid}/{Devid}";

    /// <summary>libxl's own copy, which no guest can write.</summary>
    public string Record => RecordOf(Domid, Kind, Devid);

    /// <summary>libxl's own copy of a device.</summary>
    public static string RecordOf(int domid, string kind, int devid) =>
        string.Create(CultureInfo.InvariantCulture, $"/libxl/{domid}/device/{kind}/{devid}");

    /// <summary>The device that a record describes; null when it names no back end.</summary>
    public static DeviceId? Read(Domains.DomainStore store, int domid, string kind, int devid) =>
        XenPaths.BackendDomidOf(store.TryRead($"{RecordOf(domid, kind, devid)}/backend")) is { } backend
            ? new DeviceId(kind, domid, backend, devid)
            : null;
}
