namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>A path on dom0 is not absolute, or has a control character.</summary>
    public const string KernelPathInvalid = nameof(KernelPathInvalid);

    /// <summary>Nothing at the path, or nothing that tells how the running kernel was configured.</summary>
    public const string KernelConfigNotFound = nameof(KernelConfigNotFound);

    /// <summary>A kernel configuration has a line that is none.</summary>
    public const string KernelConfigMalformed = nameof(KernelConfigMalformed);

    /// <summary>What was unpacked is larger than any kernel or its configuration.</summary>
    public const string KernelConfigTooLarge = nameof(KernelConfigTooLarge);

    /// <summary>A kernel image carries no configuration.</summary>
    public const string KernelConfigNotEmbedded = nameof(KernelConfigNotEmbedded);

    /// <summary>A kernel image is compressed in a way that cannot be unpacked here.</summary>
    public const string KernelCompressionUnsupported = nameof(KernelCompressionUnsupported);

    /// <summary>A kernel image or a compressed configuration is damaged or cut.</summary>
    public const string KernelImageDamaged = nameof(KernelImageDamaged);

    /// <summary>A directory lacks modules.builtin or modules.order.</summary>
    public const string KernelModulesIncomplete = nameof(KernelModulesIncomplete);

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
