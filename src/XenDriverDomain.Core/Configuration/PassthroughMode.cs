namespace XenDriverDomain.Configuration;

/// <summary>Whether a domain can have devices (xl.cfg passthrough=, Xen 4.13 and later).</summary>
internal enum PassthroughMode
{
    /// <summary>As the configuration needs: enabled when it lists a device.</summary>
    Default,

    /// <summary>Never; not by hot-plug either.</summary>
    Disabled,

    /// <summary>Yes, with the mode that suits the host.</summary>
    Enabled,

    /// <summary>Yes, with IOMMU page tables of its own.</summary>
    SyncPt,

    /// <summary>Yes, with page tables shared between CPU and IOMMU.</summary>
    SharePt,
}
