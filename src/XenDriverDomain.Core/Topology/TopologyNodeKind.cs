namespace XenDriverDomain.Topology;

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
