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

    /// <summary>
    /// False when only drivers are known (lists of modules), so that an option that is not there may be set nevertheless.
    /// </summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Which port to Xen it has.</summary>
    public KernelFlavor Flavor =>
        s_classicOnly.Any(option => Find(option) is { Value: not "n" }) ? KernelFlavor.Classic : KernelFlavor.Pvops;

    /// <summary>False for a processor other than x86.</summary>
    public bool IsX86 => !s_otherProcessors.Any(IsSet);

    /// <summary>An option; null when nothing is said about it.</summary>
    public KernelOption? Find(string option) => options.TryGetValue(option, out KernelOption found) ? found : null;

    /// <summary>True when an option is known to be set.</summary>
    public bool IsSet(string option) => Find(option) is { IsSet: true };
}

/// <summary>Which of the two Linux ports to Xen a kernel has; they have options of the same name that mean different things.</summary>
internal enum KernelFlavor
{
    /// <summary>Linux as it is since 2.6.24, where Xen is one of several hypervisors.</summary>
    Pvops,

    /// <summary>Xen's own tree of Linux 2.6.18, and the distributions' kernels derived from it (up to SUSE's 3.x).</summary>
    Classic,
}

/// <summary>An option's value and the place that gives it.</summary>
/// <param name="Value"><c>y</c>, <c>m</c>, <c>n</c>, a number or a text without its quotes.</param>
/// <param name="File">The file that says so.</param>
/// <param name="Line">Its line, from 1; null when it follows from another option.</param>
internal readonly record struct KernelOption(string Value, string File, int? Line)
{
    /// <summary>True for what is there, built in or as a module.</summary>
    public bool IsSet => Value is "y" or "m";
}
