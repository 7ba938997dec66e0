using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Hide;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Boot;

/// <summary>An element of the <c>hide=</c> that pciback gets at the next boot, and where it stands.</summary>
public sealed record BootAssignment
{
    /// <summary>The id of the host.</summary>
    public required string Dom0 { get; init; }

    /// <summary>The function; null for a wildcard, and for what cannot be read.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>The element as it stands there, fit to be shown.</summary>
    public required string Element { get; init; }

    /// <summary>Whose configuration.</summary>
    public BootLoader BootLoader { get; init; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; init; }

    /// <summary>The boot entry; null when it holds for every entry of Xen.</summary>
    public string? Entry { get; init; }

    /// <summary>True unless another entry is known to be the one that is booted.</summary>
    public bool IsDefault { get; init; }

    /// <summary>
    /// Which rule of pciback's it breaks, in words; null when it breaks none. One such element keeps the whole driver from loading.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>Whether the element stands for a function.</summary>
    public bool Covers(PciAddress address) => HideList.Parse(Element).Elements.Any(element => element.Covers(address));

    /// <summary>The element.</summary>
    public override string ToString() => Element;
}
