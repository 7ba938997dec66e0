namespace XenDriverDomain.Domains;

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
