using System.Globalization;
using XenDriverDomain.XenStore;

namespace XenDriverDomain.Backends;

/// <summary>Which vif: the guest and the device's number within it, and where its parts lie in xenstore.</summary>
/// <param name="GuestDomid">The guest.</param>
/// <param name="Devid">The device.</param>
internal readonly record struct VifAddress(int GuestDomid, int Devid)
{
    /// <summary>The toolstack's own record, which no guest can write.</summary>
    public XenStorePath Record => s_libxl / GuestDomid / "device" / "vif" / Devid;

    /// <summary>The guest's end.</summary>
    public XenStorePath Frontend => Home(GuestDomid) / "device" / "vif" / Devid;

    private static readonly XenStorePath s_libxl = XenStorePath.Parse("/libxl");

    /// <summary>The back end in a domain.</summary>
    public XenStorePath Backend(int backendDomid) => Home(backendDomid) / "backend" / "vif" / GuestDomid / Devid;

    /// <summary>Where the back-end domain's kernel writes why the device failed.</summary>
    public XenStorePath KernelError(int backendDomid) => Home(backendDomid) / "error" / "backend" / "vif" / GuestDomid / Devid / "error";

    /// <summary>A domain's own place.</summary>
    public static XenStorePath Home(int domid) => XenStorePath.Parse("/local/domain") / domid;

    /// <summary>The domid in a back end's path as libxl writes it, for any kind of device; null when the text is no such path.</summary>
    public static int? BackendDomidOf(string? path)
    {
        const string Prefix = "/local/domain/";
        if (path is null || !path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        int end = path.IndexOf('/', Prefix.Length);
        return end > 0 && path.AsSpan(end).StartsWith("/backend/", StringComparison.Ordinal)
            && int.TryParse(path.AsSpan(Prefix.Length, end - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int domid)
            ? domid
            : null;
    }
}
