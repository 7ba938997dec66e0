namespace XenDriverDomain.Domains;

/// <summary>A running domain, as xl list and xenstore show it.</summary>
/// <param name="Domid">Its number; another one after each restart.</param>
/// <param name="Name">Its name, fit to be shown.</param>
/// <param name="Uuid">Its UUID; null when it could not be read.</param>
/// <param name="State">Running, blocked, paused, …</param>
public sealed record DomainInfo(int Domid, string Name, Guid? Uuid, DomainState State)
{
    /// <summary>Memory in MiB; null when unknown.</summary>
    public int? MemoryMB { get; init; }

    /// <summary>Virtual CPUs; null when unknown.</summary>
    public int? Vcpus { get; init; }

    /// <summary>pv, hvm or pvh; null when unknown.</summary>
    public DomainType? Type { get; init; }
}

/// <summary>How a guest is virtualised (xl.cfg <c>type=</c>).</summary>
public enum DomainType
{
    /// <summary>Paravirtualised.</summary>
    PV,

    /// <summary>Fully virtualised, with a device model.</summary>
    HVM,

    /// <summary>Hardware-assisted without a device model; cannot have PCI devices on x86.</summary>
    PVH,
}
