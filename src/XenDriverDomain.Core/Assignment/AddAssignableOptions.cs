using XenDriverDomain.Pci;

namespace XenDriverDomain.Assignment;

/// <summary>How a function is made assignable.</summary>
public sealed record AddAssignableOptions
{
    /// <summary>Lifts the refusals that protect dom0 (its disk, its only route, its console); a warning names each.</summary>
    public bool Force { get; init; }

    /// <summary>Loads the pciback driver when it is missing.</summary>
    public bool LoadDriver { get; init; }

    /// <summary>A name for it (xl pci-assignable-add -n): at most 64 printable characters; Xen 4.15 and later.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Lets the guest write all of the function's configuration space, once pciback has it. Only unbinding it from pciback ends that.
    /// </summary>
    public bool Permissive { get; init; }

    /// <summary>The functions that the same command takes from dom0: what this one shares with them is no matter.</summary>
    public IReadOnlyCollection<PciAddress> Together { get; init; } = [];
}
