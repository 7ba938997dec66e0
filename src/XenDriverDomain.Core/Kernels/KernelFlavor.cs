namespace XenDriverDomain.Kernels;

/// <summary>Which of the two Linux ports to Xen a kernel has; they have options of the same name that mean different things.</summary>
internal enum KernelFlavor
{
    /// <summary>Linux as it is since 2.6.24, where Xen is one of several hypervisors.</summary>
    Pvops,

    /// <summary>Xen's own tree of Linux 2.6.18, and the distributions' kernels derived from it (up to SUSE's 3.x).</summary>
    Classic,
}
