namespace XenDriverDomain.Topology;

/// <summary>What a link of a topology stands for.</summary>
public enum TopologyLinkKind
{
    /// <summary>From a PCI function to the domain that has it or is to get it.</summary>
    Pci,

    /// <summary>From a domain to a bridge inside it.</summary>
    Bridge,

    /// <summary>From a bridge, or from a domain that uses none, to a guest: a network interface.</summary>
    Vif,
}
