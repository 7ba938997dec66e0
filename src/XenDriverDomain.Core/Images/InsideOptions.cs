using System.Globalization;
using XenDriverDomain.Errors;
using XenDriverDomain.Terminal;

namespace XenDriverDomain.Images;

/// <summary>
/// What the inside of a driver domain is told on its kernel's command line: its network, and whether somebody may work on its console.
/// </summary>
public sealed record InsideOptions
{
    /// <summary>The bridge that it makes unless another one is named.</summary>
    public const string DefaultBridge = "xenbr0";

    private const int MaxVlan = 4094;
    private const int MinMtu = 68;
    private const int MaxMtu = 65535;

    /// <summary>The VLAN of each NIC that goes into the bridge, 1 to 4094; null for the NIC itself.</summary>
    public int? Vlan { get; init; }

    /// <summary>The MTU of NICs and bridge in bytes; null for that of the driver.</summary>
    public int? Mtu { get; init; }

    /// <summary>Its own address: <c>dhcp</c>, or an IPv4 address with the length of its prefix; null for none.</summary>
    public string? Address { get; init; }

    /// <summary>Where it sends what is not for its own network, an IPv4 address; null for nowhere.</summary>
    public string? Gateway { get; init; }

    /// <summary>How packets get from guests to the card.</summary>
    public InsideForwarding Forwarding { get; init; }

    /// <summary>Whether its console gives a shell, without a password, to whoever may open it in dom0.</summary>
    public bool HasConsoleShell { get; init; }

    /// <summary>True when it asks for its address by DHCP.</summary>
    public bool IsDhcp => string.Equals(Address, "dhcp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses what the inside could not do.</summary>
    /// <exception cref="XenDriverDomainException">InsideOptionInvalid.</exception>
    public void Require()
    {
        if (Vlan is < 1 or > MaxVlan)
        {
            throw Invalid("VLAN", $"{Vlan}", $"a VLAN has a number from 1 to {MaxVlan}", "Give such a number with -Vlan.");
        }

        if (Mtu is < MinMtu or > MaxMtu)
        {
            throw Invalid("MTU", $"{Mtu}", $"it is {MinMtu} to {MaxMtu} bytes", "Give such a size with -Mtu.");
        }

        if (Address is not null && !IsDhcp && !IsNetworkAddress(Address))
        {
            throw Invalid(
                "address", Address, "it is dhcp, or an IPv4 address with the length of its prefix",
                "Give one such as 192.0.2.5/24 with -IPAddress.");
        }

        if (Gateway is not null && (Address is null || IsDhcp || !IsAddress(Gateway) || !IsReached(Gateway, Address)))
        {
            throw Invalid(
                "gateway", Gateway, "it is another IPv4 address of the network of -IPAddress, which is given as well",
                "Give -IPAddress ADDRESS/LENGTH of the gateway's network, or leave -Gateway out.");
        }

        if (Forwarding != InsideForwarding.Bridge && Address is null)
        {
            throw Invalid(
                "forwarding", $"{Forwarding}", "who routes needs an address of his own", "Give one with -IPAddress, or have it bridge.");
        }
    }

    /// <summary>The words for the kernel's command line.</summary>
    /// <param name="bridge">The bridge; null for the default one.</param>
    internal IEnumerable<string> Words(string? bridge) =>
    [
        .. Forwarding == InsideForwarding.Bridge
            ? Word("bridge", bridge ?? DefaultBridge)
            : Word("forward", Forwarding.ToString().ToLowerInvariant()),
        .. Word("vlan", Vlan?.ToString(CultureInfo.InvariantCulture)),
        .. Word("mtu", Mtu?.ToString(CultureInfo.InvariantCulture)),
        .. Word("address", IsDhcp ? "dhcp" : Address),
        .. Word("gateway", Gateway),
        .. Word("console", HasConsoleShell ? "shell" : null),
    ];

    private static string[] Word(string name, string? value) => value is null ? [] : [$"xdd.{name}={value}"];

    private static bool IsNetworkAddress(string text) => text.Split('/') is [var address, var length]
        && IsAddress(address)
        && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) && bits is >= 1 and <= 32;

    // As inet_pton(3) takes it, which is stricter than .NET: four decimal numbers without leading zeros; and one that a host can have.
    private static bool IsAddress(string text) => text.Split('.') is { Length: 4 } parts
        && parts.All(part => part is "0" or [>= '1' and <= '9', ..]
            && byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        && byte.Parse(parts[0], CultureInfo.InvariantCulture) is >= 1 and <= 223 and not 127;

    private static bool IsReached(string gateway, string address)
    {
        string[] parts = address.Split('/');
        int host = 32 - int.Parse(parts[1], CultureInfo.InvariantCulture);
        return gateway != parts[0] && (Number(gateway) >> host) == (Number(parts[0]) >> host);

        static ulong Number(string text) =>
            text.Split('.').Aggregate(0UL, (sum, part) => (sum << 8) | byte.Parse(part, CultureInfo.InvariantCulture));
    }

    private static XenDriverDomainException Invalid(string what, string value, string rule, string remedy) => new(
        ErrorIds.InsideOptionInvalid,
        ErrorKind.InvalidArgument,
        $"The inside of a driver domain cannot have the {what} '{Text.Show(value)}': {rule}.",
        remedy,
        value);
}

/// <summary>How packets get from guests to the card.</summary>
public enum InsideForwarding
{
    /// <summary>By a bridge that the card is in (vif-bridge).</summary>
    Bridge,

    /// <summary>By routes (vif-route).</summary>
    Route,

    /// <summary>By routes, and as those of the domain itself (vif-nat).</summary>
    Nat,
}
