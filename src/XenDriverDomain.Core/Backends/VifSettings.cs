using System.Globalization;
using XenDriverDomain.Configuration;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Backends;

/// <summary>
/// The settings of a vif in the form xl takes, each value checked before xl sees it: xl only prints a word about a key that it
/// does not know and then lets dom0 back the vif.
/// </summary>
internal sealed record VifSettings
{
    private const int MinMtu = 68;
    private const int MaxMtu = 65535;

    /// <summary>mac=</summary>
    public required MacAddress Mac { get; init; }

    /// <summary>bridge=</summary>
    public string? Bridge { get; init; }

    /// <summary>devid=; null lets libxl choose.</summary>
    public int? Devid { get; init; }

    /// <summary>mtu=, bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>vifname=</summary>
    public string? VifName { get; init; }

    /// <summary>script=</summary>
    public string? Script { get; init; }

    /// <summary>ip=, as the record has it.</summary>
    public string? Ip { get; init; }

    /// <summary>rate= in xl's form.</summary>
    public string? Rate { get; init; }

    /// <summary>The settings of a request.</summary>
    /// <exception cref="XenDriverDomainException">VifRequestInvalid or InterfaceNameMalformed.</exception>
    public static VifSettings Of(ConnectVifRequest request, MacAddress mac, string? bridge)
    {
        if (request.Mtu is < MinMtu or > MaxMtu)
        {
            throw Invalid($"An MTU of {request.Mtu} bytes cannot be: {MinMtu} to {MaxMtu} can.", "Leave it out to take the bridge's.", request.Mtu);
        }

        if (request.Script is { } script && (script.Length == 0 || !script.All(IsPathCharacter)))
        {
            throw Invalid(
                $"'{Terminal.Text.Show(script)}' cannot be a hotplug script: it must be a path of ASCII letters, digits and / - _ . +.",
                "Name a script under /etc/xen/scripts that is the same in dom0 and in the back-end domain.",
                script);
        }

        return new VifSettings
        {
            Mac = mac,
            Bridge = bridge is null ? null : InterfaceName.Check(bridge),
            Mtu = request.Mtu,
            VifName = request.VifName is null ? null : InterfaceName.Check(request.VifName),
            Script = request.Script,
        };
    }

    /// <summary>The settings that a vif has, for connecting it anew; null when it has no MAC address to know it by.</summary>
    public static VifSettings? Of(VifRecord vif)
    {
        string? Kept(string key, Func<char, bool> allowed) =>
            vif.Settings.GetValueOrDefault(key) is { Length: > 0 } value && value.All(allowed) ? value : null;

        return vif.Mac is not { } mac ? null : new VifSettings
        {
            Mac = mac,
            Bridge = vif.Bridge is { } bridge && InterfaceName.WhyNot(bridge) is null ? bridge : null,
            Devid = vif.Address.Devid,
            Mtu = int.TryParse(vif.Settings.GetValueOrDefault("mtu"), NumberStyles.None, CultureInfo.InvariantCulture, out int mtu)
                && mtu is >= MinMtu and <= MaxMtu ? mtu : null,
            VifName = vif.Settings.GetValueOrDefault("vifname") is { } name && InterfaceName.WhyNot(name) is null ? name : null,
            Script = Kept("script", IsPathCharacter),
            Ip = Kept("ip", c => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '/' or ' '),
            Rate = RateOf(vif.Settings.GetValueOrDefault("rate")),
        };
    }

    /// <summary>The arguments of <c>xl network-attach</c>, one a setting.</summary>
    public IReadOnlyList<string> ToArguments(int backendDomid)
    {
        List<string> arguments = [.. Pairs()];
        arguments.Insert(1, string.Create(CultureInfo.InvariantCulture, $"backend={backendDomid}"));
        return arguments;
    }

    /// <summary>The vif string for a configuration file, where the back end is named.</summary>
    public string ToConfig(string backend)
    {
        List<string> parts = [.. Pairs()];
        parts.Insert(1, $"backend={backend}");
        return string.Join(",", parts);
    }

    private static bool IsPathCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '+';

    // libxl keeps bytes per interval and the interval in microseconds (libxl_nic.c); xl takes bytes per second @ the interval.
    private static string? RateOf(string? stored)
    {
        string[] parts = (stored ?? string.Empty).Split(',');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong bytes) && bytes is > 0 and < 1UL << 40
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong interval) && interval is > 0 and < 1UL << 32
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes * 1_000_000 / interval}B/s@{interval}us")
            : null;
    }

    private static XenDriverDomainException Invalid(string message, string remedy, object? target) =>
        new(ErrorIds.VifRequestInvalid, ErrorKind.InvalidArgument, message, remedy, target);

    private IEnumerable<string> Pairs()
    {
        yield return $"mac={Mac}";
        if (Bridge is not null)
        {
            yield return $"bridge={Bridge}";
        }

        // A driver domain cannot back an emulated interface: that one lives with the device model in dom0.
        yield return "type=vif";
        if (Devid is { } devid)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"devid={devid}");
        }

        if (Mtu is { } mtu)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"mtu={mtu}");
        }

        if (VifName is not null)
        {
            yield return $"vifname={VifName}";
        }

        if (Script is not null)
        {
            yield return $"script={Script}";
        }

        if (Ip is not null)
        {
            yield return $"ip={Ip}";
        }

        if (Rate is not null)
        {
            yield return $"rate={Rate}";
        }
    }
}
