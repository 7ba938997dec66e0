namespace XenDriverDomain.Kernels;

/// <summary>How a kernel was configured, as far as it could be found out.</summary>
/// <param name="path">What was looked at.</param>
/// <param name="options">Options by name, without <c>CONFIG_</c>.</param>
internal sealed class KernelConfig(string path, IReadOnlyDictionary<string, KernelOption> options)
{
    private static readonly string[] s_otherProcessors = ["ARM64", "ARM", "IA64", "RISCV", "PPC"];

    // One of these is set in each classic kernel, and none in any other.
    private static readonly string[] s_classicOnly = ["XEN_INTERFACE_VERSION", "X86_XEN", "X86_64_XEN"];

    /// <summary>What was looked at.</summary>
    public string Path => path;

    /// <summary>The kernel's version or the name of the modules' directory, fit to be shown; null when it is not told.</summary>
    public string? Release { get; init; }

    /// <summary>The version, to compare; null when it is not told.</summary>
    public Version? Version { get; init; }

    /// <summary>False when only drivers are known (lists of modules), so that an option that is not there may be set nevertheless.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Which port to Xen it has.</summary>
    public KernelFlavor Flavor => s_classicOnly.Any(option => Find(option) is { Value: not "n" }) ? KernelFlavor.Classic : KernelFlavor.Pvops;

    /// <summary>False for a processor other than x86.</summary>
    public bool IsX86 => !s_otherProcessors.Any(IsSet);

    /// <summary>An option; null when nothing is said about it.</summary>
    public KernelOption? Find(string option) => options.TryGetValue(option, out KernelOption found) ? found : null;

    /// <summary>True when an option is known to be set.</summary>
    public bool IsSet(string option) => Find(option) is { IsSet: true };
}
