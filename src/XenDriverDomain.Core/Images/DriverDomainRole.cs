namespace XenDriverDomain.Images;

/// <summary>What a driver domain serves to guests.</summary>
public enum DriverDomainRole
{
    /// <summary>Network interfaces.</summary>
    Network,

    /// <summary>Disks.</summary>
    Disk,

    /// <summary>Network interfaces and disks.</summary>
    Both,
}
