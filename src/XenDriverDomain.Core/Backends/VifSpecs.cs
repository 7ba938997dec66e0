using System.Globalization;
using XenDriverDomain.Configuration;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Backends;

/// <summary>Makes vif specifications, each checked by the strict parser before xl sees it.</summary>
internal static class VifSpecs
{
    /// <summary>What a request asks for, without its back end.</summary>
    /// <exception cref="XenDriverDomainException">VifRequestInvalid, VifSpecMalformed or InterfaceNameMalformed.</exception>
    public static VifSpec Of(ConnectVifRequest request, MacAddress mac, string bridge) => Checked(new VifSpec
    {
        // A driver domain cannot back an emulated interface: that one lives with the device model in dom0.
        Type = VifType.Vif,
        Mac = mac,
        Bridge = InterfaceName.Check(bridge),
        Mtu = request.Mtu,
        InterfaceName = request.VifName is null ? null : InterfaceName.Check(request.VifName),
        Script = request.Script,
    });

    /// <summary>What a vif has, for connecting it anew to another instance of its back-end domain; null when it has no MAC to know it by.</summary>
    public static VifSpec? Of(VifRecord vif) => vif.Mac is not { } mac ? null : Checked(new VifSpec
    {
        Type = VifType.Vif,
        Mac = mac,
        Bridge = vif.Bridge,
        DeviceId = vif.Address.Devid,
        Mtu = int.TryParse(vif.Settings.GetValueOrDefault("mtu"), NumberStyles.None, CultureInfo.InvariantCulture, out int mtu) ? mtu : null,
        InterfaceName = Kept(vif, "vifname"),
        Script = Kept(vif, "script"),
        IP = Kept(vif, "ip"),
        GatewayDevice = Kept(vif, "gatewaydev"),
        Vlan = Kept(vif, "vlan"),
        Rate = RateOf(Kept(vif, "rate")),
    });

    /// <summary>The specification with the domain that backs it now, for xl: by domid, which cannot be mistaken.</summary>
    public static VifSpec BackedBy(this VifSpec spec, int domid) => spec with { Backend = DomainRef.FromDomid(domid) };

    private static VifSpec Checked(VifSpec spec)
    {
        // ToString writes what it is given; reading it back applies every rule, and a value that smuggles in another key shows.
        return VifSpec.Parse(spec.ToString()) is { Backend: null } read && read == spec
            ? spec
            : throw new XenDriverDomainException(
                ErrorIds.VifRequestInvalid,
                ErrorKind.InvalidArgument,
                $"'{Terminal.Text.Show(spec.ToString())}' would mean something else to xl: a value has a comma in it.",
                "Give each value without commas.",
                spec.ToString());
    }

    private static string? Kept(VifRecord vif, string key) =>
        vif.Settings.GetValueOrDefault(key) is { Length: > 0 } value && !value.Contains(',', StringComparison.Ordinal) ? value
            : key == "rate" ? vif.Settings.GetValueOrDefault(key) : null;

    // libxl keeps bytes per interval and the interval in microseconds (libxl_nic.c); xl takes bytes per second @ the interval.
    private static string? RateOf(string? stored)
    {
        string[] parts = (stored ?? string.Empty).Split(',');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong bytes) && bytes is > 0 and < 1UL << 40
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong interval) && interval is > 0 and < 1UL << 32
            && bytes * 1_000_000 / interval is > 0 and < 1_000_000_000 and { } perSecond
            ? string.Create(CultureInfo.InvariantCulture, $"{perSecond}B/s@{interval}us")
            : null;
    }
}
