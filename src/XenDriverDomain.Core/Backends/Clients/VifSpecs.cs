using System.Globalization;
using XenDriverDomain.Configuration.Specs;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;

namespace XenDriverDomain.Backends.Clients;

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
        Rate = request.Rate,
        DeviceId = request.Devid,
    });

    /// <summary>
    /// What a vif has, for connecting it anew to another instance of its back-end domain; null when it has no MAC to know it by.
    /// </summary>
    public static VifSpec? Of(VifRecord vif) => Of(vif.Device.Devid, vif.Settings);

    /// <summary>What a vif had that is connected anew, with what the request says otherwise.</summary>
    /// <exception cref="XenDriverDomainException">VifRequestInvalid, VifSpecMalformed or InterfaceNameMalformed.</exception>
    public static VifSpec Of(ConnectVifRequest request, Clients.ClientRecord back)
    {
        VifSpec had = back.Spec!;
        return Checked(had with
        {
            Bridge = request.Bridge is null ? had.Bridge : InterfaceName.Check(request.Bridge),
            Mtu = request.Mtu ?? had.Mtu,
            InterfaceName = request.VifName is null ? had.InterfaceName : InterfaceName.Check(request.VifName),
            Script = request.Script ?? had.Script,
            Rate = request.Rate ?? had.Rate,
            DeviceId = request.Devid ?? had.DeviceId,
        });
    }

    /// <summary>
    /// What libxl stores for a rate as xl takes it: bytes in an interval, and the interval in microseconds (libxlu_vif.c).
    /// </summary>
    public static string StoredRate(string rate)
    {
        string[] parts = rate.Split("/s", 2);
        ulong perSecond = Digits(parts[0]) * (parts[0].Contains('G', StringComparison.Ordinal) ? 1_000_000_000UL
            : parts[0].Contains('M', StringComparison.Ordinal) ? 1_000_000UL
            : parts[0].Contains('K', StringComparison.Ordinal) ? 1_000UL : 1) / (parts[0].EndsWith('b') ? 8UL : 1);
        ulong interval = parts is [_, ['@', .. var span]]
            ? Digits(span) * (span.EndsWith("us", StringComparison.Ordinal)
                ? 1UL
                : span.EndsWith("ms", StringComparison.Ordinal) ? 1_000UL : 1_000_000UL)
            : 50_000UL;
        return string.Create(CultureInfo.InvariantCulture, $"{perSecond * interval / 1_000_000},{interval}");

        static ulong Digits(string text) => ulong.TryParse(
            text.AsSpan(0, Math.Max(0, text.AsSpan().IndexOfAnyExceptInRange('0', '9'))), NumberStyles.None, CultureInfo.InvariantCulture,
            out ulong value)
            ? value
            : 0;
    }

    /// <summary>The same of a vif's number and the settings that the toolstack stored.</summary>
    public static VifSpec? Of(int devid, IReadOnlyDictionary<string, string> settings) =>
        VifRecord.MacOf(settings) is not { } mac ? null : Checked(new VifSpec
        {
            Type = VifType.Vif,
            Mac = mac,
            Bridge = Kept(settings, "bridge"),
            DeviceId = devid,
            Mtu = MtuOf(settings),
            InterfaceName = Kept(settings, "vifname"),
            Script = Kept(settings, "script"),
            IP = Kept(settings, "ip"),
            GatewayDevice = Kept(settings, "gatewaydev"),
            Vlan = Kept(settings, "vlan"),
            Rate = RateOf(settings),
        });

    /// <summary>The MTU in bytes; null when none is stored, which means 1500.</summary>
    public static int? MtuOf(IReadOnlyDictionary<string, string> settings) =>
        int.TryParse(settings.GetValueOrDefault("mtu"), NumberStyles.None, CultureInfo.InvariantCulture, out int mtu) && mtu >= 68
            ? mtu
            : null;

    /// <summary>The limit of the rate as xl takes it; null when there is none.</summary>
    public static string? RateOf(IReadOnlyDictionary<string, string> settings) => RateOf(settings.GetValueOrDefault("rate"));

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

    private static string? Kept(IReadOnlyDictionary<string, string> settings, string key) =>
        settings.GetValueOrDefault(key) is { Length: > 0 } value && !value.Contains(',', StringComparison.Ordinal) ? value : null;

    // libxl keeps bytes per interval and the interval in microseconds (libxl_nic.c); xl takes bytes per second @ the interval.
    private static string? RateOf(string? stored)
    {
        string[] parts = (stored ?? string.Empty).Split(',');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong bytes) && bytes is > 0 and < 1UL << 40
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong interval)
            && interval is > 0 and < 1UL << 32
            && bytes * 1_000_000 / interval is > 0 and < 1_000_000_000 and { } perSecond
            ? string.Create(CultureInfo.InvariantCulture, $"{perSecond}B/s@{interval}us")
            : null;
    }
}
