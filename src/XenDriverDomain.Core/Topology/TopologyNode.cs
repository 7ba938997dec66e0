using XenDriverDomain.Domains;

namespace XenDriverDomain.Topology;

/// <summary>A device, domain or bridge in a topology. All text in it is fit to be shown.</summary>
public sealed record TopologyNode
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>What links name it by; unique in its topology: <c>pci/0000:03:00.0</c>, <c>domain/3</c>, <c>guest/5</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is.</summary>
    public required TopologyNodeKind Kind { get; init; }

    /// <summary>The address of a device, the name of a domain or bridge.</summary>
    public required string Name { get; init; }

    /// <summary>The domid; null for what is no domain, or does not run.</summary>
    public int? Domid { get; init; }

    /// <summary>False for what links still lead to although it is not there: a domain that died, a function that was unplugged.</summary>
    public bool Exists { get; init; } = true;

    /// <summary>More about it, in a few words; may be empty.</summary>
    public string Detail { get; init; } = string.Empty;

    /// <summary>What a domain is doing; null for what is no domain, does not run, or is not known to.</summary>
    public DomainState? State { get; init; }

    /// <summary>pv, hvm or pvh; null for what is no domain, or when it is not known.</summary>
    public DomainType? Type { get; init; }

    /// <summary>A domain's memory in MiB; null for what is no domain, or when it is not known.</summary>
    public int? MemoryMB { get; init; }

    /// <summary>A domain's virtual CPUs; null for what is no domain, or when it is not known.</summary>
    public int? Vcpus { get; init; }

    /// <summary>The driver in dom0 that a device is bound to; null for what is no device, or when none is.</summary>
    public string? Driver { get; init; }

    /// <summary>The guests that a picture shows as this one, see <see cref="EqualGuests"/>; empty for what stands for itself.</summary>
    internal IReadOnlyList<TopologyNode> Members { get; init; } = [];

    /// <summary>The kind and the name.</summary>
    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>What a node of a topology is; the order is that of a picture, from left to right.</summary>
public enum TopologyNodeKind
{
    /// <summary>A PCI function.</summary>
    Device,

    /// <summary>A domain that owns PCI functions or backs other domains' devices.</summary>
    DriverDomain,

    /// <summary>dom0, where it backs guests' interfaces itself.</summary>
    Dom0,

    /// <summary>A bridge inside a driver domain or dom0.</summary>
    Bridge,

    /// <summary>A domain in its role as a client.</summary>
    Guest,
}
