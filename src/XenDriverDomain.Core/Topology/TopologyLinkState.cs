namespace XenDriverDomain.Topology;

/// <summary>How a link of a topology is doing.</summary>
public enum TopologyLinkState
{
    /// <summary>It works.</summary>
    Healthy,

    /// <summary>It does not work yet; nothing says that it will not.</summary>
    Waiting,

    /// <summary>It will not work by itself; the detail says why.</summary>
    Broken,
}
