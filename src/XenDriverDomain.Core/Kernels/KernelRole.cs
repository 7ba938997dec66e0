namespace XenDriverDomain.Kernels;

/// <summary>What a kernel is to be used for.</summary>
public enum KernelRole
{
    /// <summary>Xen's control domain, which gives PCI devices away.</summary>
    Dom0,

    /// <summary>A paravirtualized domain that owns a PCI device.</summary>
    PvDriverDomain,

    /// <summary>A hardware-virtualized domain that owns a PCI device.</summary>
    HvmDriverDomain,

    /// <summary>Serves network interfaces to other domains, in dom0 or in a driver domain.</summary>
    NetworkBackend,

    /// <summary>Serves disks to other domains, in dom0 or in a driver domain.</summary>
    DiskBackend,

    /// <summary>An ordinary guest, the client of back ends.</summary>
    Guest,
}
