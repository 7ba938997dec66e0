namespace XenDriverDomain.Images;

/// <summary>What a driver domain does for guests, which decides what its inside needs.</summary>
public enum DriverDomainRole
{
    /// <summary>It backs their vifs: xen-netback, a bridge or routes, the vif scripts.</summary>
    Network,

    /// <summary>It backs their disks: xen-blkback, the block script.</summary>
    Disk,

    /// <summary>Both.</summary>
    Both,
}
