using XenDriverDomain.Pci;

namespace XenDriverDomain.Images;

/// <summary>What an image is to be made for.</summary>
public sealed record ImageRequest
{
    /// <summary>The functions whose drivers go into it.</summary>
    public required IReadOnlyList<PciAddress> PciDevice { get; init; }

    /// <summary>What the domain is to do for guests.</summary>
    public DriverDomainRole Role { get; init; }

    /// <summary>Whether its NICs are to carry VLANs (8021q).</summary>
    public bool HasVlan { get; init; }

    /// <summary>Whether it is to translate guests' addresses (iptables with its modules).</summary>
    public bool HasNat { get; init; }

    /// <summary>Whether it is to ask for its address by DHCP (udhcpc).</summary>
    public bool HasDhcp { get; init; }

    /// <summary>The directory on dom0 that images are kept in; null for that beside the configurations of driver domains.</summary>
    public string? Path { get; init; }
}

/// <summary>What an inside can do that not everybody needs.</summary>
public enum InsideFeature
{
    /// <summary>Its NICs carry VLANs.</summary>
    Vlan,

    /// <summary>It translates guests' addresses.</summary>
    Nat,

    /// <summary>It asks for its address by DHCP.</summary>
    Dhcp,
}
