namespace XenDriverDomain.Kernels;

/// <summary>The ids of the findings about kernels.</summary>
public static class KernelFindingIds
{
    /// <summary>An option that the role needs is not set.</summary>
    public const string KernelOptionMissing = nameof(KernelOptionMissing);

    /// <summary>An option that the role needs is a module where it must be built in.</summary>
    public const string KernelOptionNotBuiltIn = nameof(KernelOptionNotBuiltIn);

    /// <summary>What the role needs is a module, which somebody has to load in time.</summary>
    public const string KernelOptionIsModule = nameof(KernelOptionIsModule);

    /// <summary>Lists of modules do not tell whether the option is set.</summary>
    public const string KernelOptionUnknown = nameof(KernelOptionUnknown);

    /// <summary>How pciback of a 2.6.18-xen kernel shows devices to a domain; chosen when the kernel was built.</summary>
    public const string KernelPcibackMode = nameof(KernelPcibackMode);
}
