namespace XenDriverDomain.Access;

/// <summary>What a path on the host is, links followed.</summary>
public enum HostFileKind
{
    /// <summary>Nothing is there.</summary>
    None,

    /// <summary>A regular file (in sysfs, an attribute).</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A character device, socket, pipe.</summary>
    Other,
}
