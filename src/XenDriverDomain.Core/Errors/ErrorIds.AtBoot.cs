namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>No boot loader's configuration with an entry for Xen was found on dom0.</summary>
    public const string BootLoaderNotFound = nameof(BootLoaderNotFound);

    /// <summary>Several boot loaders' configurations may be the one that dom0 boots with.</summary>
    public const string BootLoaderAmbiguous = nameof(BootLoaderAmbiguous);

    /// <summary>The path of a boot configuration is not an absolute path.</summary>
    public const string BootConfigPathInvalid = nameof(BootConfigPathInvalid);

    /// <summary>A boot configuration sets the kernel's command line in a way that cannot be changed safely.</summary>
    public const string BootConfigNotEditable = nameof(BootConfigNotEditable);

    /// <summary>A boot configuration was changed by somebody else after it had been looked at.</summary>
    public const string BootConfigChanged = nameof(BootConfigChanged);

    /// <summary>A boot configuration's hide= has a part that pciback cannot read.</summary>
    public const string BootHideMalformed = nameof(BootHideMalformed);

    /// <summary>The function is hidden by an element that stands for others, too.</summary>
    public const string BootHideIsWildcard = nameof(BootHideIsWildcard);

    /// <summary>Module options are to hide a function, but the kernel's command line, which goes before them, hides others.</summary>
    public const string BootHideOverridden = nameof(BootHideOverridden);

    /// <summary>The program that makes the boot loader's configuration or the initial RAM disk failed.</summary>
    public const string BootConfigRegenerationFailed = nameof(BootConfigRegenerationFailed);

    /// <summary>After the change, what the boot loader reads does not say what it should.</summary>
    public const string BootConfigNotVerified = nameof(BootConfigNotVerified);
}
