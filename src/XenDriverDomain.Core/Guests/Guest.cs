using XenDriverDomain.Domains;

namespace XenDriverDomain.Guests;

/// <summary>A guest at the moment it was looked at.</summary>
public sealed record Guest
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its domid; null when it does not run any more.</summary>
    public int? Domid { get; init; }

    /// <summary>What it is doing; null when it does not run.</summary>
    public DomainState? State { get; init; }

    /// <summary>pv, hvm or pvh.</summary>
    public DomainType? Type { get; init; }

    /// <summary>Memory in MiB.</summary>
    public int? MemoryMB { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public int? Vcpus { get; init; }

    /// <summary>Its UUID.</summary>
    public Guid? Uuid { get; init; }
}
