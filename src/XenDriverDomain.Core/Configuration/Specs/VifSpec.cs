using System.Globalization;
using XenDriverDomain.Domains;
using XenDriverDomain.Errors;
using XenDriverDomain.Network;

namespace XenDriverDomain.Configuration.Specs;

/// <summary>
/// A vif string (xl-network-configuration(5)). xl only prints a line about a key it does not know and then makes the interface
/// with dom0 as its back end; here that is an error, as are blanks that xl would keep in a value.
/// </summary>
public sealed record VifSpec
{
    internal const string Keys =
        "type, mac, bridge, gatewaydev, ip, script, backend, vifname, model, rate, devid, mtu, vlan, trusted, untrusted";

    /// <summary>How it is offered; null for xl's default (vif for PV and PVH, both for HVM).</summary>
    public VifType? Type { get; init; }

    /// <summary>The guest's address; null for a random one.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The bridge in the back-end domain; null for xl's default, xenbr0.</summary>
    public string? Bridge { get; init; }

    /// <summary>The interface that routing scripts use; null for none.</summary>
    public string? GatewayDevice { get; init; }

    /// <summary>The address for the scripts; null for none.</summary>
    public string? IP { get; init; }

    /// <summary>The hotplug script in the back-end domain; null for xl's default, vif-bridge.</summary>
    public string? Script { get; init; }

    /// <summary>The back-end domain; null for xl's default, dom0.</summary>
    public DomainRef? Backend { get; init; }

    /// <summary>The interface's name in the back-end domain; null for vifDOMID.DEVID.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>The emulated card; null for the emulator's default.</summary>
    public string? Model { get; init; }

    /// <summary>The limit of its rate, such as <c>10MB/s@20ms</c>; null for none.</summary>
    public string? Rate { get; init; }

    /// <summary>Its number in the guest; null for the next free one.</summary>
    public int? DeviceId { get; init; }

    /// <summary>MTU in bytes; null for 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>VLAN for the scripts; null for none.</summary>
    public string? Vlan { get; init; }

    /// <summary>Whether the front end trusts the back end; null for xl's default, yes.</summary>
    public bool? Trusted { get; init; }

    /// <summary>Reads a vif string; an empty one means all defaults.</summary>
    /// <exception cref="XenDriverDomainException">VifSpecMalformed.</exception>
    public static VifSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        VifSpec spec = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string part in text.Split(',').Select(p => p.TrimStart(' ', '\t')).Where(p => p.Length > 0))
        {
            (string key, string? value) = SpecText.Split(part);
            if (!seen.Add(key is "netdev" ? "gatewaydev" : key is "untrusted" ? "trusted" : key))
            {
                throw Malformed(text, $"'{Shown(key)}' is given twice");
            }

            if (value is not null && (value.Length == 0 || char.IsWhiteSpace(value[^1]) || char.IsWhiteSpace(value[0])))
            {
                throw Malformed(
                    text, $"the value of '{Shown(key)}' is empty or has blanks around it, which xl would take as part of it");
            }

            spec = value is null ? spec.WithWord(text, key) : spec.WithOption(text, key, value);
        }

        return spec;
    }

    /// <summary>True when xl knows the key, or the word that stands without a value.</summary>
    internal static bool IsKey(string key) => key is "netdev" || Keys.Split(", ").Contains(key);

    /// <summary>The string for a configuration file.</summary>
    public override string ToString() => string.Join(',', ToArguments());

    /// <summary>The parts, one argument each, as <c>xl network-attach</c> takes them.</summary>
    public IReadOnlyList<string> ToArguments()
    {
        List<string> parts = [];
        Add("type", Type switch { VifType.Vif => "vif", VifType.Ioemu => "ioemu", _ => null });
        Add("mac", Mac?.ToString());
        Add("bridge", Bridge);
        Add("gatewaydev", GatewayDevice);
        Add("ip", IP);
        Add("script", Script);
        Add("backend", Backend?.ToString());
        Add("vifname", InterfaceName);
        Add("model", Model);
        Add("rate", Rate);
        Add("devid", DeviceId?.ToString(CultureInfo.InvariantCulture));
        Add("mtu", Mtu?.ToString(CultureInfo.InvariantCulture));
        Add("vlan", Vlan);
        if (Trusted is { } trusted)
        {
            parts.Add(trusted ? "trusted" : "untrusted");
        }

        return parts;

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                parts.Add($"{key}={value}");
            }
        }
    }

    private VifSpec WithWord(string text, string word) => word switch
    {
        "trusted" => this with { Trusted = true },
        "untrusted" => this with { Trusted = false },
        _ => throw Malformed(text, $"'{Shown(word)}' is no key=value; the keys are {Keys}"),
    };

    private VifSpec WithOption(string text, string key, string value) => key switch
    {
        "type" => this with
        {
            Type = value switch
            {
                "vif" => VifType.Vif,
                "ioemu" => VifType.Ioemu,
                _ => throw Malformed(text, "type is vif or ioemu"),
            },
        },
        "mac" => MacAddress.TryParse(value, out MacAddress mac)
            ? this with { Mac = mac }
            : throw Malformed(text, "mac must be six hexadecimal bytes with colons, the first of them even"),
        "bridge" => this with { Bridge = Interface(text, key, value) },
        "gatewaydev" or "netdev" => this with { GatewayDevice = Interface(text, key, value) },
        "vifname" => this with { InterfaceName = Interface(text, key, value) },
        "ip" => this with { IP = Printable(text, key, value) },
        "script" => this with { Script = Printable(text, key, value) },
        "backend" => DomainRef.TryParse(value, out DomainRef backend, out string? why)
            ? this with { Backend = backend }
            : throw Malformed(text, $"backend cannot name a domain: {why}"),
        "model" => this with { Model = Printable(text, key, value) },
        "rate" => IsRate(value)
            ? this with { Rate = value }
            : throw Malformed(text, "rate must look like 10MB/s or 500Kb/s@20ms"),
        "devid" => this with { DeviceId = Number(text, key, value, 0, 0x7fff) },
        "mtu" => this with { Mtu = Number(text, key, value, 68, 65535) },
        "vlan" => this with { Vlan = Printable(text, key, value) },
        _ => throw Malformed(text, $"there is no key '{Shown(key)}'; the keys are {Keys}"),
    };

    // [0-9]+ [GMK]? [Bb] /s [@ [0-9]+ [mu]? s], libxlu_vif.c.
    private static bool IsRate(string value)
    {
        ReadOnlySpan<char> rest = value;
        if (!TakeDigits(ref rest))
        {
            return false;
        }

        if (rest.Length > 0 && rest[0] is 'G' or 'M' or 'K')
        {
            rest = rest[1..];
        }

        if (!rest.StartsWith("B/s", StringComparison.Ordinal) && !rest.StartsWith("b/s", StringComparison.Ordinal))
        {
            return false;
        }

        rest = rest[3..];
        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest[0] != '@')
        {
            return false;
        }

        rest = rest[1..];
        return TakeDigits(ref rest) && rest is "s" or "ms" or "us";
    }

    private static bool TakeDigits(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        int length = end < 0 ? text.Length : end;
        text = text[length..];
        return length is > 0 and < 10;
    }

    private static string Interface(string text, string key, string value) =>
        Network.InterfaceName.WhyNot(value) is { } why ? throw Malformed(text, $"{key} names no interface: {why}") : value;

    private static string Printable(string text, string key, string value) => value.All(c => c is > ' ' and < '\x7f' or ' ')
        ? value
        : throw Malformed(text, $"{key} must be printable ASCII");

    private static int Number(string text, string key, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            && (value.Length == 1 || value[0] != '0')
            ? number
            : throw Malformed(text, $"{key} must be a decimal number from {least} to {most}");

    private static string Shown(string part) => Terminal.Text.Show(part, 40);

    private static XenDriverDomainException Malformed(string text, string why) => new(
        ErrorIds.VifSpecMalformed,
        ErrorKind.InvalidArgument,
        $"'{Terminal.Text.Show(text)}' is not a vif specification: {why}.",
        "Write key=value pairs with commas and no blanks behind them, for example mac=00:16:3e:00:00:01,bridge=xenbr0,backend=netdd.",
        text);
}

/// <summary>How a network interface is offered to a guest (xl-network-configuration(5), type=).</summary>
public enum VifType
{
    /// <summary>Paravirtual only; what a guest of a driver domain should use.</summary>
    Vif,

    /// <summary>With an emulated card beside it, HVM only; the emulator's end lives in dom0.</summary>
    Ioemu,
}
